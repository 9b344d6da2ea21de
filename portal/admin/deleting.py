"""What goes with a page or a snippet that is deleted: Wagtail's own count does not see themes, topics and roles.

Before it: how many items lose it, by name. Never: the only theme of something that is published. A row that others hold
on to is refused in words.
"""

from django.db.models import ProtectedError, Q, RestrictedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages
from wagtail.models import Page, get_page_models

from portal.models import ContentPage

NAMED = 5
PAGE_FIELDS = [field for field in ContentPage._meta.many_to_many if issubclass(field.related_model, Page)]


def _items_under(field, keys):
    """The keys of the items that have one of these as theme, topic or role."""
    through = field.remote_field.through
    return through.objects.filter(**{f"{field.m2m_reverse_field_name()}__in": keys}).values(
        field.m2m_column_name()
    )


def _named(items) -> tuple[int, str]:
    """How many there are, and the first few, each a link."""
    count = items.count()
    first = items.order_by("title_key", "pk").values_list("pk", "title")[:NAMED]
    links = [(reverse("wagtailadmin_pages:edit", args=[pk]), title) for pk, title in first]
    more = f" en nog {count - NAMED}" if count > NAMED else ""
    return count, format_html("{}{}", format_html_join(", ", '<a href="{}">{}</a>', links), more)


def _losses(field, keys):
    """One sentence on the items that lose this theme, topic or role; nothing when there are none."""
    count, names = _named(ContentPage.objects.filter(pk__in=_items_under(field, keys)))
    if count:
        have = "1 stuk heeft" if count == 1 else f"{count} stukken hebben"
        name = field.related_model._meta.verbose_name
        yield format_html(
            "{} dit als {}: {}. Na het verwijderen staat het er niet meer bij.", have, name, names
        )


def _left_without_theme(keys):
    """One sentence on what is published, needs a theme and has none but these; nothing when there is nothing."""
    field = ContentPage._meta.get_field("themes")
    others = field.related_model.objects.exclude(pk__in=keys).values("pk")
    needing = [model for model in get_page_models() if getattr(model, "needs_theme", False)]
    items = ContentPage.objects.live().type(*needing).filter(pk__in=_items_under(field, keys))
    count, names = _named(items.exclude(pk__in=_items_under(field, others)))
    if count:
        have = "1 stuk dat online staat" if count == 1 else f"{count} stukken die online staan"
        yield format_html(
            "Niet verwijderd: dit is het enige thema van {}: {}. Geef daar eerst een ander thema.",
            have,
            names,
        )


def _keys(pages):
    """These pages and all below them."""
    below = Q()
    for page in pages:
        below |= Q(path__startswith=page.path)
    return Page.objects.filter(below).values("pk")


def tell_what_a_page_takes_along(request, page):
    """The items of a theme or topic are named before it is deleted; it stays when one would be left without."""
    keys = _keys([page])
    for sentence in _left_without_theme(keys):
        messages.error(request, sentence)
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    if request.method == "GET":
        for sentence in (sentence for field in PAGE_FIELDS for sentence in _losses(field, keys)):
            messages.warning(request, sentence)
    return None


def keep_subjects_from_bulk(request, action_type, objects, action):
    """Wagtail cannot name on the bulk page what goes along: a theme or topic in use is deleted by itself."""
    if action_type != "delete" or not objects or not isinstance(objects[0], Page):
        return None
    keys = _keys(objects)
    for sentence in (sentence for field in PAGE_FIELDS for sentence in _losses(field, keys)):
        messages.error(request, format_html("Niet verwijderd. {} Verwijder deze pagina apart.", sentence))
        return redirect("wagtailadmin_explore", objects[0].get_parent().pk)
    return None


def tell_what_a_snippet_takes_along(request, snippets):
    """The items for a role are named before it is deleted."""
    if request.method == "GET":
        for field in ContentPage._meta.many_to_many:
            keys = [snippet.pk for snippet in snippets if isinstance(snippet, field.related_model)]
            for sentence in _losses(field, keys) if keys else ():
                messages.warning(request, sentence)


def answer_held(request, exception: Exception) -> HttpResponse | None:
    """Back to the question, with why not, when other rows hold on to what was to be deleted; None for anything else."""
    if not isinstance(exception, ProtectedError | RestrictedError):
        return None
    held = getattr(exception, "protected_objects", None) or exception.restricted_objects
    names = ", ".join(str(row) for row in list(held)[:NAMED])
    messages.error(request, f"Niet verwijderd: dit wordt nog gebruikt, door {names}. Maak dat eerst los.")
    return redirect(request.get_full_path())
