"""What an editor's form sends: every field, a body, a formatted text."""

import json

from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

FORMSETS = (
    "municipality_links",
    "author_links",
    "sender_links",
    "download_links",
    "related_links",
    "comments",
)


def form_of(**fields):
    return nested_form_data(
        {
            **{"title": "Nieuw", "summary": "Nieuwe woorden.", "kind": "nieuws", "slug": "nieuw"},
            **{"added_at": "2026-01-01 10:00", "published_on": "2026-01-01", "body": streamfield([])},
            **{name: inline_formset([]) for name in FORMSETS},
            **fields,
        }
    ) | {"action-publish": "1"}


def draft(*blocks, **entities) -> str:
    return json.dumps({"blocks": list(blocks), "entityMap": entities})


def line(text="x", kind="unstyled", depth=0, ranges=()):
    return {
        **{"key": "abcde", "text": text, "type": kind, "depth": depth},
        **{"inlineStyleRanges": [], "entityRanges": list(ranges)},
    }


def body(kind, **values):
    return {
        **{"body-count": "1", "body-0-type": kind, "body-0-deleted": "", "body-0-order": "0"},
        **{f"body-0-{name.replace('__', '-')}": value for name, value in values.items()},
    }
