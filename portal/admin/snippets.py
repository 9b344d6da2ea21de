"""The snippets an editor keeps: people, organisations, roles; municipalities are only chosen."""

from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.models import Municipality, Organisation, Person, Role


class NamedForm(WagtailAdminModelForm):
    """The address of something with a name: from the name where the editor leaves it empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = (
            "Zo heet dit in het adres van een lijst, bijvoorbeeld: griffier. Laat het leeg, dan maakt de site "
            "het van de naam. Verander het later liever niet: oude adressen werken dan niet meer."
        )

    def clean(self):
        cleaned = super().clean()
        if "slug" in cleaned and not cleaned["slug"]:
            cleaned["slug"] = self._free_slug(cleaned.get("name", ""))
        return cleaned

    def _free_slug(self, name: str) -> str:
        model = self._meta.model
        longest = model._meta.get_field("slug").max_length - 4
        start = slugify(name)[:longest].rstrip("-") or slugify(model._meta.verbose_name)
        taken = set(
            model.objects.exclude(pk=self.instance.pk)
            .filter(slug__startswith=start)
            .values_list("slug", flat=True)
        )
        return next(slug for slug in (start, *(f"{start}-{n}" for n in range(2, 1000))) if slug not in taken)


class PersonViewSet(SnippetViewSet):
    model = Person
    edit_handler = ObjectList(Person.panels, base_form_class=NamedForm)
    icon = "user"
    list_display = ["name", "job_title", "organisation", "is_example"]
    list_filter = ["organisation", "is_example"]


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    edit_handler = ObjectList(Organisation.panels, base_form_class=NamedForm)
    icon = "group"
    list_display = ["name", "abbreviation", "url"]


class RoleViewSet(SnippetViewSet):
    model = Role
    edit_handler = ObjectList(Role.panels, base_form_class=NamedForm)
    icon = "tag"
    list_display = ["name", "plural", "order"]


class ChangeOnlyPolicy(ModelPermissionPolicy):
    """Municipalities come from CBS and go with a merger: the admin adds and deletes none."""

    def user_has_permission(self, user, action):
        return action not in ("add", "delete") and super().user_has_permission(user, action)


register_permission_policy(Municipality, ChangeOnlyPolicy(Municipality))


class MunicipalityViewSet(SnippetViewSet):
    model = Municipality
    icon = "site"
    list_display = ["name", "province", "code", "successor"]
    list_filter = ["province"]
    panels = [FieldPanel("name", read_only=True), FieldPanel("aliases")]


class ClassificationGroup(SnippetViewSetGroup):
    menu_label = "Indeling"
    menu_icon = "tag"
    menu_order = 300
    items = (PersonViewSet, OrganisationViewSet, RoleViewSet, MunicipalityViewSet)
