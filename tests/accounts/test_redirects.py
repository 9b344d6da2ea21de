"""Where a login leads: to this portal, whatever the address says."""

import pytest

from tests.accounts.people import CODE, LOGIN, NINE, PASSWORD, give_password, shown_code, with_phone
from tests.accounts.test_roles import host_of

ELSEWHERE = [
    "//kwaad.example",
    "///kwaad.example",
    "/\\kwaad.example",
    "\\\\kwaad.example",
    "https:kwaad.example",
    "https://kwaad.example/beheer/",
    "http:///kwaad.example",
    "https:\\\\kwaad.example",
    "/\t/kwaad.example",
    "/\n/kwaad.example",
    "\t//kwaad.example",
    "ht\ntps://kwaad.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//testserver@kwaad.example",
    "//kwaad.example%2f@testserver",
    "https://testserver.kwaad.example",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_login_never_leads_elsewhere(client, an, address):
    device = with_phone(an)
    client.post(LOGIN, {"username": "an", "password": PASSWORD, "next": address})

    after_code = client.post(CODE, {"code": shown_code(device, NINE)})
    when_in = client.get(LOGIN, {"next": address})
    after_logout = client.post("/beheer/logout/", {"next": address})
    public_door = client.get("/_util/login/", {"next": address})

    for answer in (after_code, when_in, after_logout, public_door):
        assert answer.status_code == 302
        assert host_of(answer.headers["Location"]) == "testserver"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_the_first_set_up_never_leads_elsewhere(client, an, required, address):
    client.post(LOGIN, {"username": "an", "password": PASSWORD, "next": address})
    client.get("/beheer/login/instellen/")
    device = an.totpdevice_set.get()

    html = client.post("/beheer/login/instellen/", {"code": shown_code(device, NINE)}).content.decode()

    assert "Ik heb ze bewaard" in html
    assert "kwaad" not in html


def test_a_page_of_this_portal_is_where_one_goes(client, an):
    give_password(client, "an")

    answer = client.get(LOGIN, {"next": "/beheer/pages/"})

    assert answer.headers["Location"] == "/beheer/pages/"
