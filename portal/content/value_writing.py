"""What a page, a snippet or the settings say, as the values of a file; the mirror of values."""

from django.utils import timezone
from wagtail.models import Page

from portal.content.block_writing import BlockWriter, Remark
from portal.content.markup import as_in_file
from portal.content.moments import write_moment
from portal.content.references import References
from portal.content.schema import SNIPPET_BODY, Key, default_of, keys_of, linked_field, stands_in_menu
from portal.content.values import is_optional
from portal.content.yaml_writing import Bare, InLine


class ValueWriter:
    """Writes what a row says beyond what its type says by itself."""

    def __init__(self, references: References, blocks: BlockWriter):
        self.references, self.blocks = references, blocks

    def values(self, row, remark: Remark, address: str = "") -> dict:
        """The front matter of a row, in the order of an export; without the keys that a file need not name."""
        written = {}
        for key in keys_of(type(row)).values():
            if key.name in ("body", SNIPPET_BODY) and stands_below(row, key):
                continue
            value = self.value(key, row, remark)
            is_asked = not is_optional(key) and value not in (None, "")
            if is_asked or value != self._unsaid(key, row, address):
                written[key.name] = value
        return written

    def value(self, key: Key, row, remark: Remark):
        """One value in the form of its key."""
        return getattr(self, f"_{key.form}")(key, row, remark)

    def body_of(self, row, remark: Remark) -> str:
        """What stands below the front matter."""
        for name in ("body", SNIPPET_BODY):
            key = keys_of(type(row)).get(name)
            if key and stands_below(row, key):
                text = self.value(key, row, remark)
                return text if name == "body" or not text.strip() else text.strip() + "\n"
        return ""

    def _unsaid(self, key: Key, row, address: str):
        """The value that reading gives a key that a file does not name; a value that no file has, when it must."""
        if key.name == "added_at":
            return None
        if key.name == "show_in_menus":
            return stands_in_menu(address, type(row))
        if key.form == "body":
            return ""
        default = default_of(type(row), key)
        return default if isinstance(default, bool | list | None) else str(default)

    def _text(self, key, row, remark):
        value = getattr(row, key.attribute)
        return None if value is None else as_in_file(str(value))

    def _rich(self, key, row, remark):
        return self.blocks.rich(getattr(row, key.attribute) or "", remark)

    def _flag(self, key, row, remark):
        return getattr(row, key.attribute)

    def _number(self, key, row, remark):
        value = getattr(row, key.attribute)
        return None if value is None else Bare(value)

    def _date(self, key, row, remark):
        value = getattr(row, key.attribute)
        return None if value is None else Bare(value.isoformat())

    def _moment(self, key, row, remark):
        value = getattr(row, key.attribute)
        is_unset = value is None or (key.name == "added_at" and row.first_published_at is None)
        if is_unset or (key.name == "go_live_at" and row.live and value > timezone.now()):
            return None  # a draft was not added yet; a later version of a live page is not in the file
        return Bare(write_moment(value))

    def _image(self, key, row, remark):
        return self._known(self.references.image, key, row, remark)

    def _user(self, key, row, remark):
        return self._known(self.references.users, key, row, remark)

    def _slug(self, key, row, remark):
        return self._known(self.references.slugs.get(key.target, {}), key, row, remark)

    def _known(self, names: dict, key: Key, row, remark: Remark):
        pk = getattr(row, f"{key.attribute}_id")
        if pk is not None and pk not in names:
            remark(f"left out {key.name}: it is no longer there")
        return names.get(pk)

    def _slugs(self, key, row, remark):
        pks = [one.pk for one in getattr(row, key.attribute).all()]
        return InLine(sorted(self._all_known(self.references.slugs.get(key.target, {}), pks, key, remark)))

    def _links(self, key, row, remark):
        name = linked_field(key.field).attname
        pks = [getattr(link, name) for link in getattr(row, key.attribute).all()]
        if key.target.__name__ == "PortalDocument":
            names = self.references.document
        elif issubclass(key.target, Page):
            names = self.references.page
        else:
            names = self.references.slugs[key.target]
        return InLine(dict.fromkeys(self._all_known(names, pks, key, remark)))

    def _all_known(self, names: dict, pks: list, key: Key, remark: Remark) -> list[str]:
        for pk in pks:
            if pk not in names:
                remark(f"left out of {key.name} what is no longer there ({pk})")
        return [names[pk] for pk in pks if pk in names]

    def _body(self, key, row, remark):
        stream = getattr(row, key.attribute)
        return self.blocks.body(key.field.stream_block, list(stream.raw_data), remark)

    def _structs(self, key, row, remark):
        stream = getattr(row, key.attribute)
        return self.blocks.structs(key.field.stream_block, list(stream.raw_data), remark)


def stands_below(row, key: Key) -> bool:
    """Whether this is the text below the front matter: a page's body, a snippet's description."""
    return isinstance(row, Page) if key.name == "body" else hasattr(row, "content_folder")


def links_of(model: type) -> list[str]:
    """The relations to fetch with the rows, so that their number costs no queries."""
    return [key.attribute for key in keys_of(model).values() if key.form in ("slugs", "links")]
