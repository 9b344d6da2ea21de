"""What a text of the old site refers to: its pages, files and media, and what each is here."""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from portal.content.jsonapi.answers import Answers, Resource
from portal.content.jsonapi.embeds import embed_link
from portal.content.jsonapi.files import MARKS, Files
from portal.content.names import Names, mark
from portal.content.old_addresses import host_of
from portal.content.tidy import tidy_line
from portal.lost.addresses import bare, normal, ways_to_write
from portal.lost.redirects import is_view

NODE = "node/"


@dataclass
class Surroundings:
    """The same for every page but for `base`, the old address that relative links count from."""

    answers: Answers
    files: Files
    names: Names
    hosts: set[str]
    #: The address here of a node by its uuid, and of an old path.
    by_uuid: dict[str, str] = field(default_factory=dict)
    by_path: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    base: str = "/"

    # Links.

    def link(self, href: str, uuid: str | None = None) -> tuple[dict | None, str]:
        """The attributes of a link as Wagtail stores it, or None and why there is none."""
        if uuid and uuid in self.by_uuid:
            return self._page(self.by_uuid[uuid]), ""
        if uuid and (found := self._media_file(uuid)):
            return self._document(found)
        href = self._address(href)
        try:
            parts = urlsplit(href)
        except ValueError:
            return None, "is not an address"
        if parts.scheme in ("mailto", "tel"):
            return {"href": href}, ""
        if parts.scheme not in ("", "http", "https"):
            return None, "was refused"
        if href.startswith("#") or not href:
            return None, "led to a place on the page itself"
        if parts.netloc and host_of(href) not in self.hosts:
            return ({"href": href}, "") if parts.hostname else (None, "is not an address")
        return self._inside(urljoin(self.base, href))

    def _address(self, href: str) -> str:
        """Drupal's own ways to write an address, as a path."""
        for start in ("internal:", "entity:", "base:"):
            if href.startswith(start):
                rest = href.removeprefix(start)
                return rest if rest.startswith("/") else f"/{rest}"
        return f"https:{href}" if href.startswith("//") else href

    def _inside(self, href: str) -> tuple[dict | None, str]:
        path = normal(href)
        if any(start in f"{path}" for start in MARKS if start.startswith("/")) or path.startswith(
            "/system/files"
        ):
            found = self.files.find(href)
            return self._document(found) if found else (None, "is a file that is not in the folder")
        address = self.page_at(path)
        if address:
            return self._page(address), ""
        if is_view(f"{path.partition('?')[0].rstrip('/')}/"):
            return {"href": f"{path.partition('?')[0].rstrip('/')}/"}, ""
        return None, "leads nowhere here"

    def page_at(self, path: str) -> str:
        """The address here of an old path, or ""."""
        for one in ways_to_write(path):
            if one in self.by_path:
                return self.by_path[one]
        here = f"{bare(path.partition('?')[0]).rstrip('/')}/"
        return here if here in self.names.pages else ""

    @staticmethod
    def _page(address: str) -> dict[str, str]:
        return {"linktype": "page", "id": mark("page", address)}

    def _document(self, path) -> tuple[dict | None, str]:
        kind, name, problem = self.files.take(path)
        if problem:
            return None, f"is a file that cannot be taken in ({problem})"
        return (
            ({"linktype": "document", "id": name}, "")
            if kind == "document"
            else (None, "is a picture, not a page")
        )

    def node_link(self, number: str) -> tuple[dict, str] | None:
        """The link and the title for a token such as [node:12], or None."""
        address = self.by_path.get(f"/{NODE}{number}")
        return (self._page(address), self.titles.get(address, address)) if address else None

    # Media.

    def picture(self, source: str, uuid: str | None, alt: str):
        """(("image", (mark, alt)) or ("link", (attributes, text)) or None, what is wrong)."""
        if uuid:
            return self._medium(uuid, alt)
        if source.startswith("data:"):
            return None, "a picture that was kept inside the text was left out"
        try:
            host = host_of(source)
        except ValueError:
            host = ""
        if host and host not in self.hosts:
            return None, "a picture from another site was left out"
        path = self.files.find(source)
        return self.file(path, alt) if path else (None, "a picture is not in the folder")

    def file(self, path, alt: str = "", title: str = ""):
        """A file as a picture, or as a link to a document."""
        kind, name, problem = self.files.take(path, title, alt)
        if problem:
            return None, f"a file cannot be taken in ({problem})"
        if kind == "image":
            return ("image", (name, alt)), ""
        return ("link", ({"linktype": "document", "id": name}, title or path.name)), ""

    def _medium(self, uuid: str, alt: str):
        medium = next((one for one in self.answers.of_type("media--") if one.id == uuid), None)
        if medium:
            return self.medium(medium, alt)
        found = self._media_file(uuid)
        return self.file(found, alt) if found else (None, "a medium was not saved with the answers")

    def medium(self, medium: Resource, alt: str = ""):
        """A media entity as a picture, or as a link to a document or a video."""
        name = tidy_line(str(medium.attributes.get("name") or ""))
        for value in medium.attributes.values():
            if isinstance(value, str) and value.startswith("http") and (link := embed_link(value, name)):
                return ("link", ({"href": link[0]}, link[1])), ""
        found = self._file_of(medium)
        if found is None:
            return None, "the file of a medium is not in the folder"
        return self.file(found[0], alt or found[1], name)

    def _file_of(self, medium: Resource):
        """(path, alt) of the first file of a media entity that is there; its thumbnail is not it."""
        for name in medium.relationships:
            if name == "thumbnail":
                continue
            for target in medium.targets(name):
                file = self.answers.get(target) if str(target.get("type")).startswith("file--") else None
                if file and (path := self.path_of(file)):
                    return path, str((target.get("meta") or {}).get("alt") or "")
        return None

    def path_of(self, file: Resource):
        """Where the file of a file entity lies in the folder, or None."""
        uri = file.attributes.get("uri")
        addresses = list(uri.values()) if isinstance(uri, dict) else [uri]
        addresses.append(file.attributes.get("filename"))
        return next(
            (found for one in addresses if isinstance(one, str) and (found := self.files.find(one))), None
        )

    def _media_file(self, uuid: str):
        for one in self.answers.resources.values():
            if one.id == uuid and one.type.startswith("file--"):
                return self.path_of(one)
            if one.id == uuid and one.type.startswith("media--"):
                found = self._file_of(one)
                return found[0] if found else None
        return None
