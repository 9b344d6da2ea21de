"""Answers of JSON:API as a Drupal site gives them, made small, with the oddities of real ones where a test asks."""

import json
import uuid
from itertools import count
from pathlib import Path

from PIL import Image

HOST = "https://www.oudesite.nl"
_numbers = count(1)


def key(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def node(
    bundle="nieuws",
    title="Een bericht",
    body="<p>Tekst.</p>",
    *,
    nid=None,
    alias="",
    relationships=None,
    **fields,
):
    """A node; `body` None is a null field."""
    number = nid or next(_numbers)
    value = {
        "value": body,
        "format": "full_html",
        "processed": body,
        "summary": fields.pop("summary", "Samenvatting."),
    }
    attributes = {
        "drupal_internal__nid": number,
        "drupal_internal__vid": number + 1000,
        "langcode": "nl",
        "revision_timestamp": "2018-02-07T09:00:00+00:00",
        "status": True,
        "title": title,
        "created": "2018-02-06T22:30:00+00:00",
        "changed": "2018-02-07T09:00:00+00:00",
        "promote": True,
        "sticky": False,
        "default_langcode": True,
        "path": {"alias": alias or None, "pid": 7, "langcode": "nl"},
        "body": value if body is not None else None,
        **fields,
    }
    related = {
        "node_type": {"data": {"type": "node_type--node_type", "id": key(bundle)}},
        **(relationships or {}),
    }
    return {
        "type": f"node--{bundle}",
        "id": key(f"node {number}"),
        "links": {"self": {"href": f"{HOST}/jsonapi/node/{bundle}/{key(f'node {number}')}"}},
        "attributes": attributes,
        "relationships": related,
    }


def thing(kind: str, name: str, relationships=None, /, **attributes):
    """A term, file, medium, paragraph, user or redirect."""
    return {
        "type": kind,
        "id": key(f"{kind} {name}"),
        "attributes": attributes,
        "relationships": relationships or {},
    }


def term(name: str, vocabulary="thema"):
    return thing(f"taxonomy_term--{vocabulary}", name, name=name, langcode="nl", status=True)


def user(name: str):
    return thing("user--user", name, display_name=name, langcode="nl")


def file(path: str):
    return thing(
        "file--file",
        path,
        filename=Path(path).name,
        uri={"value": f"public://{path}", "url": f"/sites/default/files/{path}"},
    )


def medium(path: str, alt="", kind="image"):
    name = f"field_media_{kind}"
    to_file = {"data": {"type": "file--file", "id": key(f"file--file {path}"), "meta": {"alt": alt}}}
    return thing(f"media--{kind}", path, {name: to_file}, name=Path(path).stem)


def to(*targets, **meta):
    """A relationship to one thing, or to several."""
    data = [{"type": one["type"], "id": one["id"], "meta": meta} for one in targets]
    return {"data": data[0] if len(data) == 1 else data}


def redirect(old: str, uri: str, query=None):
    source = {"path": old, "query": query or []}
    return thing(
        "redirect--redirect", old, redirect_source=source, redirect_redirect={"uri": uri}, status_code=301
    )


class Export:
    """A folder of saved answers."""

    def __init__(self, root: Path):
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def save(self, name: str, data, included=(), *, following: str = "", own: str = ""):
        answer = {
            "jsonapi": {"version": "1.0"},
            "data": data,
            "links": {"self": {"href": own or f"{HOST}/jsonapi/{name}"}},
        }
        if included:
            answer["included"] = list(included)
        if following:
            answer["links"]["next"] = {"href": following}
        self.write(name, json.dumps(answer))

    def write(self, name: str, text: str | bytes):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def picture(self, path: str, colour="red"):
        target = self.root / "files" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), colour).save(target)
