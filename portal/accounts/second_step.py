"""The second step of logging in: a code of the app on someone's phone, or a recovery code that works once.

django-otp keeps the secret, the drift of the phone's clock and the last code used; the limit on attempts is that of
passwords (portal.accounts.limits). Of recovery codes only a keyed hash is kept.
"""

import secrets
from base64 import b32encode

import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

CODE_DIGITS, RECOVERY_DIGITS = 6, 12
RECOVERY_CODES = 10


def phone(user: User) -> TOTPDevice | None:
    """The app that was confirmed for this person."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_asked_of(user: User) -> bool:
    """Whether this person comes in only with the second step: where it is required, and for all who have set it."""
    return settings.SECOND_STEP or phone(user) is not None


def begin_set_up(user: User) -> TOTPDevice:
    """The app that waits for its first code; the same one each time until it is confirmed."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


@transaction.atomic
def confirm(user: User, device: TOTPDevice, typed: str) -> bool:
    """Use the app from now on, and no other, when it gave this code."""
    if verify_token(user, device.persistent_id, digits(typed)) is None:
        return False
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    device.refresh_from_db()
    return True


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """Ten new recovery codes in place of the former; the only moment at which they can be read."""
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "herstelcodes"})
    device.token_set.all().delete()
    codes = [
        "".join(secrets.choice("0123456789") for _ in range(RECOVERY_DIGITS)) for _ in range(RECOVERY_CODES)
    ]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_hash(code)) for code in codes)
    return [" ".join(code[start : start + 4] for start in range(0, RECOVERY_DIGITS, 4)) for code in codes]


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def check(user: User, typed: str) -> Device | None:
    """What this code belongs to: the app or the recovery codes; None when it is wrong or was used before."""
    code = digits(typed)
    if len(code) == RECOVERY_DIGITS:
        model, code = StaticDevice, _hash(code)
    elif len(code) == CODE_DIGITS:
        model = TOTPDevice
    else:
        return None
    device = model.objects.filter(user=user, confirmed=True).first()
    return verify_token(user, device.persistent_id, code) if device else None


@transaction.atomic
def remove(user: User):
    """Take app and recovery codes away; sessions that came in with them end."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def secret(device: TOTPDevice) -> str:
    """The secret as people type it over, in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_code(device: TOTPDevice) -> str:
    """The secret as a picture to scan: SVG in the page, dark on light in every colour scheme."""
    picture = segno.make(device.config_url, error="m", micro=False)
    return picture.svg_inline(dark="#000", light="#fff", omitsize=True)


def digits(typed: str) -> str:
    """A code as it was meant: spaces and dashes are no part of it."""
    return "".join(character for character in typed if character in "0123456789")


def _hash(code: str) -> str:
    return salted_hmac("portal.accounts.recovery", code, algorithm="sha256").hexdigest()[:16]
