"""People at the door: what they type, what their phone shows, and how a test walks in."""

import datetime
import re

from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.accounts import second_step

PASSWORD = "een-heel-lang-wachtwoord"
NINE = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
LOGIN, CODE, SET_UP = "/beheer/login/", "/beheer/login/code/", "/beheer/login/instellen/"


def give_password(client, username, password=PASSWORD, **options):
    return client.post(LOGIN, {"username": username, "password": password}, **options)


def shown_code(device: TOTPDevice, moment: datetime.datetime) -> str:
    """What the app on the phone shows at this moment."""
    totp = TOTP(device.bin_key)
    totp.time = moment.timestamp()
    return f"{totp.token():06}"


def with_phone(user) -> TOTPDevice:
    """Give this person an app that was confirmed."""
    return TOTPDevice.objects.create(user=user, name="app", confirmed=True)


def walk_in(user, moment) -> Client:
    """A browser of this person, logged in with password and code."""
    client = Client()
    give_password(client, user.username)
    client.post(CODE, {"code": shown_code(second_step.phone(user), moment)})
    return client


def is_in(client) -> bool:
    return client.get("/beheer/account/").status_code == 200


def recovery_codes(html: str) -> list[str]:
    return re.findall(r"<li><code>([\d ]+)</code></li>", html)
