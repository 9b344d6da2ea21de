"""Every component and block with long, short and missing content, for who works on the look."""

import datetime
from types import SimpleNamespace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from wagtail.admin.auth import require_admin_access

from portal.blocks import BodyBlock
from portal.chrome import get_chrome
from portal.models import ContentPage, Kind, Municipality, PortalDocument, PortalImage
from portal.related import set_anchors
from portal.selection.parts import Facet

LONG_WORD = "Participatieverordeningsvaststellingsbesluit"
LONG_TITLE = (
    "Van inspraakverordening naar participatieverordening: hoe zeven samenwerkende gemeenteraden één "
    f"kader maakten en toch zelf kozen: {LONG_WORD}"
)
SENTENCE = (
    "Bewoners maaien, planten en leggen verantwoording af aan de raad. De griffie maakte er een route van. "
)
ERRORS = (400, 403, 404, 429, 500, 503)
SHAPE = "M0 0l40 10 20-10 30 40-10 50-60 10-30-40z"


def _card(kind: Kind, title: str, summary: str, **more) -> ContentPage:
    """A card that is not in the database; themes and municipality are set where the template looks."""
    chrome = get_chrome()
    themes, place = more.pop("themes", []), more.pop("place", None)
    item = ContentPage(kind=kind, title=title, summary=summary, slug="voorbeeld", **more)
    item.url_path = f"{chrome.themes[0].url_path if chrome.themes else '/home/'}voorbeeld/"
    item.card_themes, item.card_municipality = themes, place
    return item


def example_cards() -> list[ContentPage]:
    """A card of every kind; long, short and with nothing that may be missing."""
    themes = get_chrome().themes
    place = Municipality(name="Voorbeeldstad", path=SHAPE)
    cards = [
        _card(
            kind,
            f"{kind.label}: kort",
            SENTENCE,
            themes=themes[place_in_row % max(len(themes), 1) :][:1],
            published_on=datetime.date(2026, 3, 14),
            card_line="3 en 4 december 2026 · Stadhuis · vol" if kind == Kind.EVENT else "Waar · wanneer",
            is_example=place_in_row % 2 == 0,
            place=place if kind == Kind.EXPERIENCE else None,
        )
        for place_in_row, kind in enumerate(Kind)
    ]
    everything = {"themes": themes, "card_line": SENTENCE, "is_example": True}
    return [
        *cards,
        _card(Kind.ARTICLE, LONG_TITLE, SENTENCE * 4, published_on=datetime.date(2026, 9, 30), **everything),
        _card(Kind.EXPERIENCE, LONG_WORD, LONG_WORD),
        _card(Kind.EVENT, "Afgelast", SENTENCE, card_line="1 december 2026 · online · afgelast"),
    ]


def example_body():
    """A body with every block, as an editor could have made it."""
    image, document = PortalImage.objects.first(), PortalDocument.objects.first()
    text = f"<p>{SENTENCE * 3}<a href='/'>Een link</a> en <b>nadruk</b>.</p><ul><li>een</li><li>{LONG_WORD}</li></ul>"
    facts = [{"label": LONG_WORD, "value": LONG_TITLE}, {"label": "Wie", "value": "-"}]
    blocks = [
        ("heading", {"text": "Kop van een deel", "level": "h2"}),
        ("text", text),
        ("heading", {"text": LONG_TITLE, "level": "h2"}),
        ("heading", {"text": "Kop van een deel", "level": "h3"}),
        ("quote", {"text": SENTENCE, "source": "Sanne de Wit", "source_role": LONG_WORD}),
        ("quote", {"text": "Kort.", "source": "Een raadslid"}),
        (
            "steps",
            {"title": "Zo begin je", "steps": [{"title": LONG_TITLE, "text": text}, {"title": "Kort"}]},
        ),
        (
            "facts",
            {
                "title": "In het kort",
                "rows": facts,
            },
        ),
        ("accordion", {"items": [{"title": LONG_TITLE, "text": text}, {"title": "Kort", "text": text}]}),
        (
            "video",
            {
                "title": LONG_TITLE,
                "url": "https://example.org/",
                "duration": "3 minuten",
                "transcript": text,
                "poster": image and image.pk,
            },
        ),
        (
            "table",
            {
                "row_headers": True,
                "table": {
                    "caption": LONG_TITLE,
                    "columns": [
                        {"type": "text", "heading": word} for word in ("Wat", LONG_WORD, "Wanneer", "Wie")
                    ],
                    "rows": [{"values": ["Begin", SENTENCE, "mei", LONG_WORD]}, {"values": ["", "", "", ""]}],
                },
            },
        ),
        (
            "call_to_action",
            {"title": LONG_TITLE, "text": SENTENCE, "label": "Meld je aan", "url": "https://example.org/"},
        ),
    ]
    if image:
        blocks.insert(3, ("image", {"image": image.pk, "alt": "Een tekening", "caption": SENTENCE}))
        blocks.insert(4, ("image", {"image": image.pk, "is_decorative": True}))
    if document:
        blocks += [
            ("download", {"document": document.pk, "title": LONG_TITLE}),
            ("download", {"document": document.pk}),
        ]
    raw = [{"type": name, "value": value} for name, value in blocks]
    body = BodyBlock().to_python(raw)
    set_anchors(body)
    return body


def _option(value: str, count: int, is_chosen: bool = False, theme=None) -> SimpleNamespace:
    return SimpleNamespace(value=value, label=value, count=count, is_chosen=is_chosen, url="?", theme=theme)


def example_selection() -> SimpleNamespace:
    """A Selection with everything its templates can show."""
    themes = get_chrome().themes
    words = ["Praktijkvoorbeeld", LONG_WORD, *[f"Gemeente {number}" for number in range(1, 10)]]
    return SimpleNamespace(
        owner=True,
        sentence=f"1.034 praktijkvoorbeelden over Participatie voor griffiers met ‘{LONG_WORD}’",
        counted="1.034 praktijkvoorbeelden",
        tail=f"over Participatie voor griffiers met ‘{LONG_WORD}’",
        total=1034,
        is_narrowed=True,
        words=LONG_WORD,
        choices=True,
        q_note="We zochten ook op ‘burgerforum’.",
        filters=SimpleNamespace(q=LONG_WORD, pagina=1),
        canonical_url="",
        hidden_fields=[("sorteer", "titel")],
        facets=[
            Facet(
                key="thema",
                label="Thema",
                options=[_option(theme.name, 12, place == 0, theme) for place, theme in enumerate(themes)],
            ),
            Facet(
                key="soort",
                label=LONG_WORD,
                options=[_option(word, 10**place % 99991, place == 1) for place, word in enumerate(words)],
            ),
        ],
        chips=[
            SimpleNamespace(
                label=word, remove_url="?", key="q", theme=themes[0] if themes and not place else None
            )
            for place, word in enumerate(["De Raad", LONG_TITLE])
        ],
        clear_url="?",
        sorts=[
            SimpleNamespace(label=word, url="?", value=word, is_current=not place)
            for place, word in enumerate(["laatst toegevoegd", "titel"])
        ],
        period_links=[],
        shortcuts=[
            SimpleNamespace(
                key="rol", label="Voor", options=[SimpleNamespace(url="?", words=word) for word in words[:5]]
            )
        ],
        page=SimpleNamespace(object_list=[]),
        page_links=[
            SimpleNamespace(number=number, url="?", is_current=number == 2, is_gap=number == 3)
            for number in (1, 2, 3, 52)
        ],
        previous_url="?",
        next_url="?",
        forms=[SimpleNamespace(label="Volg deze lijst (Atom)", url="?", type="application/atom+xml")],
        broader=[SimpleNamespace(label="Alles over Participatie", url="?")],
    )


def example_mail() -> dict:
    """What a mail can hold; see templates/mail/."""
    items = [
        SimpleNamespace(
            title=title, url="https://example.org/", meta="Instrument, 14 maart 2026", text=SENTENCE.strip()
        )
        for title in ("Kort", LONG_TITLE)
    ]
    return {
        "site_name": "Lokale Democratie",
        "site_url": "https://example.org/",
        "heading": "2 nieuwe instrumenten over Participatie",
        "intro": "Je volgt deze lijst. Dit kwam er deze week bij.",
        "items": items,
        "action_label": "Bekijk de hele lijst",
        "action_url": "https://example.org/instrumenten/",
        "reason": "Je krijgt deze mail omdat je deze lijst volgt.",
        "leave_label": "Stop met deze mails",
        "leave_url": "https://example.org/stoppen/",
    }


@require_admin_access
def mail_example(request, form: str):
    """The mail as a reader gets it, as HTML or as text."""
    media_type = {"html": "text/html", "txt": "text/plain"}[form]
    return HttpResponse(
        render_to_string(f"mail/message.{form}", example_mail()), content_type=f"{media_type}; charset=utf-8"
    )


@require_admin_access
def error_example(request, code: int):
    """An error page as a reader sees it, with a status that says it is only shown."""
    if code not in ERRORS:
        raise Http404
    return HttpResponse(render_to_string(f"{code}.html", request=request if code == 404 else None))


@require_admin_access
def component_page(request):
    """Every component on one page, for people who are logged in."""
    chrome = get_chrome()
    return render(
        request,
        "portal/component_page.html",
        {
            "chrome": chrome,
            "title": "Componenten",
            "robots": "noindex",
            "cards": example_cards(),
            "body": example_body(),
            "selection": example_selection(),
            "long_title": LONG_TITLE,
            "errors": ERRORS,
            "colours": ["raad", "participatie", "samenspel", "balans", ""],
        },
    )
