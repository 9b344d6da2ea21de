"""A real Chromium against a real server; left out where no Chromium is, required with REQUIRE_BROWSER=1."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from portal.accounts.people import CHIEF_EDITOR, make_user, set_up_groups

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PASSWORD = "een-heel-lang-wachtwoord"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.once)


def pytest_ignore_collect(collection_path):
    """Without a Chromium these tests are not collected, unless they are required: then their absence is an error."""
    if CHROMIUM or os.environ.get("REQUIRE_BROWSER") != "1":
        return None if CHROMIUM else True
    raise pytest.UsageError(
        "No Chromium was found: install it (Debian: apt install chromium) or set CHROMIUM."
    )


@pytest.fixture(scope="session")
def browser():
    # Playwright's loop runs in this thread; Django would refuse the database to it, though nothing here is async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def server_url(live_server):
    """Where the portal answers."""
    return live_server.url


#: Wagtail's own checker of pages, when a preview loads again before it is done; nothing an editor sees.
AXE_TWICE = "Axe is already running"


@pytest.fixture
def open_page(browser, server_url, request):
    """Open a new browser window: `open_page(width=390, javascript=False)`; every script error fails the test."""
    contexts, errors = [], []

    def open_window(*, width=1280, height=900, javascript=True, **options):
        context = browser.new_context(
            base_url=server_url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="nl-NL",
            **options,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: None if AXE_TWICE in str(error) else errors.append(str(error)))
        return page

    yield open_window
    for number, context in enumerate(contexts):
        if folder := os.environ.get("BROWSER_SHOTS"):  # what was on the screen at the end, to look at
            context.pages[0].screenshot(path=f"{folder}/{request.node.name}-{number}.png")
        context.close()
    assert errors == []


@pytest.fixture
def filled(transactional_db, tree):
    """The small portal with its groups, reachable for the live server."""
    set_up_groups(tree.home)
    make_user("eindredacteur", PASSWORD, group=CHIEF_EDITOR)
    return tree
