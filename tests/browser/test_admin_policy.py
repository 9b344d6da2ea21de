"""The editors' side works wholly under its own policy: nothing it does is refused by it (BAR.md S14).

Nor does the server itself ask another machine for anything while they work (S15).
"""

import socket

import pytest

from portal.accounts.people import make_user
from tests.browser.conftest import PASSWORD
from tests.browser.reading.site import make_picture
from tests.browser.test_publishing import add_block, log_in
from tests.factories import make_news

LISTEN = """
window.refusals = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refusals.push(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture
def asked_outside(monkeypatch):
    """Where this process, which holds the server too, tried to connect to outside this machine."""
    asked, connect = [], socket.socket.connect

    def noted(own, address):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            asked.append(address)
        return connect(own, address)

    monkeypatch.setattr(socket.socket, "connect", noted)
    return asked


@pytest.fixture
def work(open_page, filled, asked_outside):
    """A window of an editor in which every refusal of the policy is kept, also those in its frames."""
    page = open_page()
    page.context.add_init_script(LISTEN)
    kept, hosts = [], set()
    page.on(
        "console", lambda message: kept.append(message.text) if "Content Security" in message.text else None
    )
    page.on(
        "request",
        lambda request: hosts.add(request.url.split("/")[2]) if request.url.startswith("http") else None,
    )
    yield page, kept
    assert len(hosts) == 1  # nothing was fetched from elsewhere
    assert asked_outside == []


def test_writing_choosing_previewing_and_scheduling_break_no_rule(work, filled):
    page, kept = work
    make_picture("Raadzaal")
    item = make_news(filled, title="Een bericht")
    log_in(page)

    page.goto(f"/beheer/pages/{item.pk}/edit/")
    add_block(page, "Tekst")
    page.locator(
        "[data-draftail-input] .public-DraftEditor-content, .public-DraftEditor-content"
    ).last.click()
    page.keyboard.type("Een alinea.")
    add_block(page, "Afbeelding")
    page.get_by_role("button", name="Kies een afbeelding").last.click()
    page.locator("[data-chooser-modal-choice]").first.click()
    page.locator("[data-chooser-title]", has_text="Raadzaal").wait_for()
    page.locator("[data-side-panel-toggle=preview]").click()
    page.frame_locator("#w-preview-iframe").get_by_role("heading", name="Een bericht").first.wait_for()
    page.locator("[data-side-panel-toggle=preview]").click()
    page.get_by_role("tab", name="Indeling").click()
    page.locator("[data-side-panel-toggle=status]").click()
    page.get_by_role("button", name="Stel schema in").click()
    page.locator("#id_go_live_at").fill("2090-01-01 10:00")
    page.get_by_role("button", name="Schema opslaan").dispatch_event("click")  # the calendar lies over it
    page.get_by_text("1 januari 2090").first.wait_for()

    assert page.evaluate("window.refusals") == []
    for frame in page.frames:
        if frame.url.startswith("http"):
            assert frame.evaluate("window.refusals ?? []") == []
    assert kept == []


def test_every_room_of_the_admin_breaks_no_rule(work, filled):
    page, kept = work
    make_user("beheerder", PASSWORD, is_superuser=True)
    item = make_news(filled, title="Een bericht")
    log_in(page, "beheerder")
    rooms = [
        "/beheer/",
        f"/beheer/pages/{filled.news.pk}/",
        f"/beheer/pages/{item.pk}/history/",
        f"/beheer/pages/{item.pk}/usage/",
        "/beheer/images/",
        "/beheer/images/add/",
        "/beheer/documents/",
        "/beheer/users/",
        "/beheer/users/new/",
        "/beheer/groups/",
        "/beheer/snippets/",
        "/beheer/redirects/",
        "/beheer/reports/site-history/",
        "/beheer/account/",
        "/beheer/componenten/",
    ]
    refused = []

    for room in rooms:
        assert page.goto(room).status == 200, room
        refused += page.evaluate("window.refusals")

    assert (refused, kept) == ([], [])
