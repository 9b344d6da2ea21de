"""After the password comes a code of the phone: set up humanely, asked each time, and no way around it."""

import re
from base64 import b32encode
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import ModelLogEntry

from portal.accounts import second_step
from tests.accounts.people import (
    CODE,
    LOGIN,
    NINE,
    PASSWORD,
    SET_UP,
    give_password,
    is_in,
    recovery_codes,
    shown_code,
    walk_in,
    with_phone,
)

STEP = timedelta(seconds=30)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def actions(user) -> set[str]:
    return set(ModelLogEntry.objects.filter(object_id=user.pk).values_list("action", flat=True))


def test_the_first_login_sets_the_phone_up_and_shows_the_recovery_codes(client, an, required):
    first = give_password(client, "an")
    page = client.get(SET_UP)
    device = TOTPDevice.objects.get(user=an)
    done = client.post(SET_UP, {"code": shown_code(device, NINE)})

    html = page.content.decode()
    typed_over = re.search(r'door__secret">([A-Z2-7 ]+)<', html)[1].replace(" ", "")
    assert first.headers["Location"] == SET_UP
    assert typed_over == b32encode(device.bin_key).decode()
    assert "<svg " in html.partition("door__picture")[2]
    assert 'autocomplete="one-time-code"' in html
    assert len(set(recovery_codes(done.content.decode()))) == 10
    assert is_in(client)
    assert {"account.second_step_set", "account.recovery_codes_made", "account.login"} <= actions(an)


def test_the_picture_has_no_style_script_or_address_of_its_own(an):
    picture = second_step.qr_code(second_step.begin_set_up(an))

    assert not re.search(r"style=|<script|href=|url\(|data:", picture)


def test_a_wrong_first_code_leaves_the_same_secret_to_try_again(client, an, required):
    give_password(client, "an")
    client.get(SET_UP)
    secret = TOTPDevice.objects.get(user=an).key

    answer = client.post(SET_UP, {"code": "12"})

    assert "Deze code klopt niet" in answer.content.decode()
    assert TOTPDevice.objects.get(user=an).key == secret
    assert second_step.phone(an) is None
    assert not is_in(client)


def test_where_it_is_not_required_who_has_none_comes_in_with_a_password(client, an):
    answer = give_password(client, "an")

    assert answer.headers["Location"] == "/beheer/"
    assert is_in(client)


@pytest.mark.parametrize("is_required", [True, False])
def test_whoever_has_a_phone_is_asked_for_its_code_each_time(client, an, settings, is_required):
    settings.SECOND_STEP = is_required
    device = with_phone(an)

    answer = give_password(client, "an")
    was_in = is_in(client)
    client.post(CODE, {"code": shown_code(device, NINE)})

    assert answer.headers["Location"] == CODE
    assert not was_in
    assert is_in(client)


def test_after_the_code_one_lands_where_one_was_going(client, an, required):
    device = with_phone(an)
    client.post(LOGIN, {"username": "an", "password": PASSWORD, "next": "/beheer/pages/"})

    answer = client.post(CODE, {"code": shown_code(device, NINE)})

    assert answer.headers["Location"] == "/beheer/pages/"


def test_a_code_may_be_pasted_with_a_space(client, an, required):
    device = with_phone(an)
    give_password(client, "an")
    code = shown_code(device, NINE)

    client.post(CODE, {"code": f" {code[:3]} {code[3:]}"})

    assert is_in(client)


@pytest.mark.parametrize(
    ("steps", "is_accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_differ_by_one_step(client, an, required, steps, is_accepted):
    device = with_phone(an)
    give_password(client, "an")

    client.post(CODE, {"code": shown_code(device, NINE + steps * STEP)})

    assert is_in(client) is is_accepted


def test_a_code_works_once(an, required):
    device = with_phone(an)
    walk_in(an, NINE)
    thief = Client()
    give_password(thief, "an")

    thief.post(CODE, {"code": shown_code(device, NINE)})

    assert not is_in(thief)


def test_a_recovery_code_works_once_and_says_how_many_are_left(an, required):
    with_phone(an)
    code = second_step.make_recovery_codes(an)[0]
    first, second = Client(), Client()
    for browser in (first, second):
        give_password(browser, "an")
        browser.post(CODE, {"code": code})

    assert "Je hebt er nog 9" in first.get("/beheer/").content.decode()
    assert is_in(first)
    assert not is_in(second)
    assert "account.recovery_code_used" in actions(an)


def test_recovery_codes_are_not_kept_as_they_are(an):
    codes = [code.replace(" ", "") for code in second_step.make_recovery_codes(an)]

    kept = set(StaticToken.objects.values_list("token", flat=True))

    assert len(kept) == 10
    assert not kept & set(codes)
    assert not any(code in token for code in codes for token in kept)


def test_five_wrong_codes_lock_like_wrong_passwords_do(client, an, nine, required):
    device = with_phone(an)
    give_password(client, "an")
    statuses = [client.post(CODE, {"code": "000000"}).status_code for _ in range(5)]

    right = client.post(CODE, {"code": shown_code(device, NINE)})
    password = give_password(Client(), "an")
    nine.shift(timedelta(minutes=16))
    later = walk_in(an, NINE + timedelta(minutes=16))

    assert statuses == [200, 200, 200, 200, 429]
    assert right.status_code == password.status_code == 429
    assert is_in(later)


def test_a_right_password_alone_does_not_forget_the_wrong_codes(client, an, required):
    with_phone(an)
    statuses = []
    for _ in range(3):
        statuses.append(give_password(client, "an").status_code)
        statuses += [client.post(CODE, {"code": "000000"}).status_code for _ in range(2)]

    assert 429 in statuses


def test_the_wait_for_a_code_ends_after_ten_minutes(client, an, nine, required):
    device = with_phone(an)
    give_password(client, "an")
    nine.shift(timedelta(minutes=11))

    answer = client.post(CODE, {"code": shown_code(device, NINE + timedelta(minutes=11))})

    assert answer.headers["Location"] == LOGIN
    assert not is_in(client)


@pytest.mark.parametrize("change", ["password", "disabled"])
def test_the_wait_ends_with_a_new_password_or_a_closed_account(client, an, required, change):
    device = with_phone(an)
    give_password(client, "an")
    if change == "password":
        an.set_password("een-heel-ander-wachtwoord")
    else:
        an.is_active = False
    an.save()

    client.post(CODE, {"code": shown_code(device, NINE)})

    assert not is_in(client)


@pytest.mark.parametrize("address", [CODE, SET_UP, "/beheer/tweede-stap/", "/beheer/tweede-stap/instellen/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_password_there_is_no_second_step(client, tree, required, address, method):
    answer = getattr(client, method)(address, {"code": "000000"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(LOGIN)


def test_who_has_a_phone_cannot_set_up_another_with_only_the_password(client, an, required):
    with_phone(an)
    give_password(client, "an")

    answer = client.get(SET_UP)

    assert answer.headers["Location"] == CODE
    assert TOTPDevice.objects.count() == 1


def test_a_session_of_whatever_login_is_nobody_before_the_second_step(client, an, required, rf):
    with_phone(an)
    client.force_login(an, backend=BACKEND)

    assert client.get("/beheer/").headers["Location"].startswith(LOGIN)
    assert client.get("/beheer/pages/").headers["Location"].startswith(LOGIN)


def test_a_session_that_names_the_phone_of_another_is_nobody(client, an, bo, required):
    with_phone(an)
    phone = with_phone(bo)
    client.force_login(an, backend=BACKEND)
    session = client.session
    session["otp_device_id"] = phone.persistent_id
    session.save()

    assert not is_in(client)


def test_the_login_of_the_public_site_is_the_same_door(client, an, required):
    with_phone(an)

    shown = client.get("/_util/login/?next=/actueel/")
    posted = client.post("/_util/login/", {"username": "an", "password": PASSWORD})

    assert shown.headers["Location"] == "/beheer/login/?next=/actueel/"
    assert posted.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_new_password_by_mail_does_not_log_in(client, an, required):
    with_phone(an)
    whose, token = urlsafe_base64_encode(force_bytes(an.pk)), default_token_generator.make_token(an)
    link = f"/beheer/password_reset/confirm/{whose}/{token}/"
    form = client.get(link).headers["Location"]
    new = "een-heel-ander-wachtwoord"
    client.post(form, {"new_password1": new, "new_password2": new})

    was_in = is_in(client)
    answer = give_password(client, "an", new)

    assert User.objects.get(pk=an.pk).check_password(new)
    assert not was_in
    assert answer.headers["Location"] == CODE


def test_another_phone_wants_the_password_again_and_ends_the_former(an, required):
    old = with_phone(an)
    client = walk_in(an, NINE)
    without = client.get("/beheer/tweede-stap/instellen/")
    wrong = client.post("/beheer/tweede-stap/", {"password": "fout", "phone": ""})
    client.post("/beheer/tweede-stap/", {"password": PASSWORD, "phone": ""})
    client.get("/beheer/tweede-stap/instellen/")
    new = TOTPDevice.objects.get(user=an, confirmed=False)

    done = client.post("/beheer/tweede-stap/instellen/", {"code": shown_code(new, NINE)})

    assert without.headers["Location"] == "/beheer/tweede-stap/"
    assert "Dit wachtwoord klopt niet" in wrong.content.decode()
    assert len(recovery_codes(done.content.decode())) == 10
    assert second_step.phone(an) == new != old
    assert TOTPDevice.objects.count() == 1
    assert is_in(client)


def test_new_recovery_codes_replace_the_former(an, required):
    with_phone(an)
    former = second_step.make_recovery_codes(an)
    client = walk_in(an, NINE)

    html = client.post("/beheer/tweede-stap/", {"password": PASSWORD, "codes": ""}).content.decode()

    assert len(recovery_codes(html)) == 10
    assert second_step.check(an, former[0]) is None
    assert second_step.check(an, recovery_codes(html)[0]) is not None


def test_a_beheerder_gives_a_way_back_in_and_it_is_written_down(an, bo, required, client):
    with_phone(an)
    with_phone(bo)
    second_step.make_recovery_codes(an)
    locked_out = walk_in(an, NINE)
    beheerder = walk_in(bo, NINE)
    address = f"/beheer/tweede-stap/{an.pk}/weghalen/"
    listed = beheerder.get("/beheer/users/").content.decode()
    asked = beheerder.get(address)
    is_untouched = second_step.phone(an) is not None

    beheerder.post(address)

    assert address in listed
    assert asked.status_code == 200
    assert is_untouched
    assert not is_in(locked_out)
    assert give_password(client, "an").headers["Location"] == SET_UP
    entry = ModelLogEntry.objects.get(object_id=an.pk, action="account.second_step_removed")
    assert entry.user == bo


def test_nobody_but_a_beheerder_takes_a_second_step_away(an, bo, required):
    with_phone(an)
    with_phone(bo)
    client = walk_in(an, NINE)

    for person in (an, bo):
        client.get(f"/beheer/tweede-stap/{person.pk}/weghalen/")
        client.post(f"/beheer/tweede-stap/{person.pk}/weghalen/")

    assert second_step.phone(an) is not None
    assert second_step.phone(bo) is not None


def test_login_gives_a_new_session_at_each_of_its_steps(client, an, required):
    device = with_phone(an)
    client.get(LOGIN)
    give_password(client, "an")
    waiting = client.session.session_key

    client.post(CODE, {"code": shown_code(device, NINE)})

    assert client.session.session_key != waiting
    assert not Session.objects.filter(session_key=waiting).exists()
    assert "waiting_for_second_step" not in client.session
