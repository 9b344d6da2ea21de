"""The snippets an editor keeps: people, organisations, roles; municipalities are only chosen."""

from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.models import Municipality, Organisation, Person, Role


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    list_display = ["name", "job_title", "organisation", "is_example"]
    list_filter = ["organisation", "is_example"]


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    icon = "group"
    list_display = ["name", "abbreviation", "url"]


class RoleViewSet(SnippetViewSet):
    model = Role
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
