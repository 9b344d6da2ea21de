"""Setting up the second step as a person does: without scripts, with the keyboard, and readable by everyone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.accounts.people import shown_code
from tests.browser.conftest import PASSWORD
from tests.browser.reading.test_accessibility import OPTIONS


@pytest.fixture
def required(settings):
    settings.SECOND_STEP = True


def give_password(page):
    page.goto("/beheer/login/")
    page.get_by_label("Gebruikersnaam").fill("eindredacteur")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_without_scripts_someone_sets_the_phone_up_and_comes_in(open_page, filled, required):
    page = open_page(javascript=False, width=390)
    give_password(page)
    secret = page.locator(".door__secret").inner_text()
    device = TOTPDevice.objects.get(user=User.objects.get(username="eindredacteur"))

    page.get_by_label("Vul de zes cijfers in").fill("1")
    page.keyboard.press("Enter")
    page.get_by_text("Deze code klopt niet").wait_for()
    is_same_secret = page.locator(".door__secret").inner_text() == secret
    page.get_by_label("Vul de zes cijfers in").fill(shown_code(device, timezone.now()))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ik heb ze bewaard").click()

    assert is_same_secret
    assert page.url.endswith("/beheer/")
    assert page.get_by_role("link", name="Ik heb ze bewaard").count() == 0


def test_every_page_of_the_door_can_be_read_by_everyone_and_seen_on_a_phone(open_page, filled, required):
    page = open_page(width=320, bypass_csp=True, color_scheme="dark")
    axe, found, widths = Axe(), [], []

    def look(name):
        found.extend(
            f"{name}: {rule['id']}" for rule in axe.run(page, options=OPTIONS).response["violations"]
        )
        widths.append(page.evaluate("document.documentElement.scrollWidth"))

    give_password(page)
    page.locator(".door__picture").wait_for()
    look("set up")
    device = TOTPDevice.objects.get()
    page.get_by_label("Vul de zes cijfers in").fill(shown_code(device, timezone.now()))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Afdrukken").wait_for()
    look("recovery codes")
    page.context.clear_cookies()
    give_password(page)
    page.get_by_label("Code").wait_for()
    look("code")

    assert found == []
    assert max(widths) <= 320
