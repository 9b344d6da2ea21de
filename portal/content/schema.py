"""Which keys a content file may have: they follow from the fields of the models, so a new page type joins by itself."""

import re
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Page, get_page_models

from portal.blocks import BodyBlock
from portal.models import ContentPage, StandardPage

#: Keys that every page has beside its fields.
PAGE_KEYS = ("type", "order", "live", "private", "redirect_from")
PAGE_FIELDS = ("title", "seo_title", "search_description", "show_in_menus", "go_live_at", "expire_at")
#: Not for editors, but part of the content.
KEPT = {"added_at", "sequence"}
#: Fields that keep what they are when a file does not name them.
LEFT_ALONE = {"added_at", "sequence"}
LINK_KEYS = {
    "author_links": "authors",
    "sender_links": "senders",
    "municipality_links": "municipalities",
    "download_links": "downloads",
    "related_links": "related",
    "featured_links": "featured",
}
#: The order in which an export writes keys; what is not named here follows in the order of the model.
FIRST = (
    "type", "title", "order", "name", "colour", "kind", "form", "subtitle", "summary", "teaser", "published_on",
    "added_at", "themes", "topics", "roles", "municipalities", "authors", "senders", "image",
)  # fmt: skip
#: Of a snippet, the field that stands below the front matter.
SNIPPET_BODY = "description"


@dataclass(frozen=True)
class Key:
    """A key of a file: the field behind it and the form its value has there."""

    name: str
    form: str
    field: object
    target: type | None = None

    @property
    def attribute(self) -> str:
        """The name of the field or relation on the model."""
        return self.field.get_accessor_name() if self.form == "links" else self.field.name


def type_name(model: type) -> str:
    """`ThemeIndexPage` is `theme_index`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__.removesuffix("Page")).lower()


@cache
def page_types() -> dict[str, type]:
    """Every type of page that can be made, by the name it has in a file."""
    return {
        type_name(model): model for model in get_page_models() if model is not Page and model.is_creatable
    }


@cache
def snippet_models() -> dict[str, type]:
    """Every snippet that is content, by its folder: a model joins by naming one in `content_folder`.

    What others refer to comes first, so that it exists when they are read.
    """
    waiting = sorted(
        (model for model in apps.get_models() if getattr(model, "content_folder", "")),
        key=lambda model: model.content_folder,
    )
    ordered: list[type] = []
    while waiting:
        needs = {
            model: {field.related_model for field in model._meta.fields if field.is_relation} - {model}
            for model in waiting
        }
        ordered += [model for model in waiting if not needs[model] & set(waiting)] or waiting
        waiting = [model for model in waiting if model not in ordered]
    return {model.content_folder: model for model in ordered}


def name_field(model: type) -> str:
    """The field by which a snippet is known again: its slug, else its one unique text."""
    unique = [f.name for f in model._meta.fields if f.unique and isinstance(f, models.CharField)]
    return "slug" if "slug" in unique else unique[0]


@cache
def keys_of(model: type) -> dict[str, Key]:
    """The keys for the fields of a page type, a snippet or the settings, in the order of an export."""
    fields = [field for field in model._meta.get_fields() if _is_content(model, field)]
    keys = [_key(field) for field in fields]
    if issubclass(model, Page):
        keys += [
            Key(LINK_KEYS[relation.get_accessor_name()], "links", relation, _link_target(relation))
            for relation in get_all_child_relations(model)
            if relation.get_accessor_name() in LINK_KEYS
        ]
    found = {key.name: key for key in keys}
    order = [name for name in FIRST if name in found]
    return {name: found[name] for name in [*order, *(name for name in found if name not in order)]}


def _is_content(model: type, field) -> bool:
    if field.auto_created or not (field.concrete or isinstance(field, ParentalManyToManyField)):
        return False
    if issubclass(model, Page):
        if field.model is Page:
            return field.name in PAGE_FIELDS
        if field.name == "kind" and model.own_kind:
            return False
    is_link_up = field.is_relation and getattr(field.remote_field, "parent_link", False)
    is_own = field.name in ("slug", "site", "id")
    return (field.editable or field.name in KEPT) and not is_link_up and not is_own


def _key(field) -> Key:
    form, target = "text", None
    if isinstance(field, ParentalManyToManyField):
        form, target = "slugs", field.related_model
    elif isinstance(field, models.ForeignKey):
        target = field.related_model
        form = {get_image_model(): "image", get_user_model(): "user"}.get(target, "slug")
    elif isinstance(field, StreamField):
        form = "body" if isinstance(field.stream_block, BodyBlock) else "structs"
    elif isinstance(field, RichTextField):
        form = "rich"
    elif isinstance(field, models.BooleanField):
        form = "flag"
    elif isinstance(field, models.DateTimeField):
        form = "moment"
    elif isinstance(field, models.DateField):
        form = "date"
    elif isinstance(field, models.IntegerField):
        form = "number"
    return Key(field.name, form, field, target)


def linked_field(relation):
    """Of a row such as ContentAuthor: its one foreign key beside the page."""
    return next(
        field
        for field in relation.related_model._meta.fields
        if isinstance(field, models.ForeignKey) and not isinstance(field, ParentalKey)
    )


def _link_target(relation) -> type:
    return linked_field(relation).related_model


def default_of(model: type, key: Key):
    """What a field is when a file does not name it; for types with their own habits, what a new page would have."""
    if key.name == "show_in_recent" and issubclass(model, ContentPage):
        return model.starts_in_recent
    if key.name == "kind" and issubclass(model, ContentPage):
        return model().kind
    if key.form in ("slugs", "links", "body", "structs"):
        return []
    if key.field.has_default():
        return key.field.get_default()
    return "" if key.form in ("text", "rich") else None


def stands_in_menu(address: str, model: type[Page]) -> bool:
    """Whether a page that does not say so is in the menu or the footer: lists and standard pages right below home."""
    is_list = any(issubclass(child, ContentPage) for child in model.allowed_subpage_models())
    return address.count("/") == 2 and (is_list or issubclass(model, StandardPage))
