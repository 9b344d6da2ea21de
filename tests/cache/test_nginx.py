"""The documented nginx before the portal: the speed of a file, and the answers of the app (docs/operate/nginx.conf)."""

import json
import os
import signal
import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import PageViewRestriction

from portal.accounts.people import make_user
from tests.cache.servers import HAS_BROTLI, children_of, database_url, fetch, gunicorn, nginx
from tests.factories import make_news
from tests.portal.test_pictures import make_image

pytestmark = pytest.mark.servers
PAGES = ["/", "/over/", "/kennisbank/", "/aan-de-slag-met/de-raad/"]
OF_THE_CONNECTION = {"date", "server", "connection", "keep-alive", "x-portal"}
FROM_NGINX = "nginx"


@pytest.fixture
def site(transactional_db, tree, tmp_path):
    """The portal under gunicorn and nginx before it: `site.app(path)` and `site.nginx(path)` ask them."""
    url = database_url(settings.DATABASES["default"])
    environment = {"DATABASE_URL": url, "SITE_URL": "https://localhost", "BEHIND_PROXY": "1", "MODE": "test"}
    with (
        gunicorn(tmp_path, workers=2, **environment) as (app_port, process),
        nginx(app_port, tmp_path / "pages", tmp_path / "nginx") as (nginx_port, _),
    ):
        yield SimpleNamespace(
            app=lambda path, **headers: fetch(app_port, path, **{"X_Forwarded_Proto": "https", **headers}),
            nginx=lambda path, **headers: fetch(nginx_port, path, **headers),
            process=process,
            data=tmp_path,
        )


def is_a_file(answer) -> bool:
    """Whether nginx answered without the app."""
    return "x-portal" not in answer.headers


def lies_in_the_files(site, path: str) -> bool:
    """Whether nginx comes to answer this itself: the app keeps a copy when it has made it, in its own time."""
    until = time.monotonic() + 20
    while not (is_there := is_a_file(site.nginx(path))) and time.monotonic() < until:
        time.sleep(0.05)
    return is_there


def seen(answer) -> dict:
    return {name: value for name, value in answer.headers.items() if name not in OF_THE_CONNECTION}


def test_nginx_answers_from_its_files_exactly_as_the_app_does(site):
    for page in PAGES:
        assert lies_in_the_files(site, page)
        for accepted in ("gzip", "identity", *(["br"] if HAS_BROTLI else [])):
            own = site.app(page, Accept_Encoding=accepted)
            served = site.nginx(page, Accept_Encoding=accepted)
            known = site.nginx(page, Accept_Encoding=accepted, If_None_Match=own.headers["etag"])
            head = site.nginx(page, method="HEAD", Accept_Encoding=accepted)

            assert is_a_file(served)
            assert served.raw == own.raw
            assert seen(served) == seen(own)
            assert known.code == 304
            assert seen(known) == seen(
                site.app(page, Accept_Encoding=accepted, If_None_Match=own.headers["etag"])
            )
            assert (head.raw, seen(head)) == (b"", seen(own))


def test_a_publication_shows_at_the_next_request_and_lies_in_the_files_after_it(site, tree):
    assert lies_in_the_files(site, "/")
    assert "Vers bericht" not in site.nginx("/").text

    make_news(tree, title="Vers bericht")
    first = site.nginx("/")

    assert "Vers bericht" in first.text
    assert not is_a_file(first)
    assert lies_in_the_files(site, "/")
    assert site.nginx("/").body == first.body


@pytest.mark.parametrize("host", ["kwaad.example", "localhost@kwaad.example", "localhost:kwaad"])
def test_another_name_gets_no_page(site, host):
    """BAR.md D17: with one server block nginx gives what it kept to every name."""
    site.nginx("/over/")

    answer = site.nginx("/over/", Host=host)

    assert answer.code == 400
    assert "kwaad" not in answer.text


def test_nothing_private_ever_lies_in_the_files(site, tree):
    make_user("ineke", "een-heel-lang-wachtwoord", is_superuser=True)
    client = Client()
    client.force_login(User.objects.get())
    session = f"__Host-sessie={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    item = make_news(tree, title="Straks besloten")
    site.nginx("/")
    assert lies_in_the_files(site, item.url)

    hers = site.nginx("/", Cookie=session)
    PageViewRestriction.objects.create(page=item, restriction_type=PageViewRestriction.LOGIN)
    closed = site.nginx(item.url)
    inside = site.nginx(item.url, Cookie=session)

    assert "wagtail-userbar" in hers.text
    assert hers.headers["cache-control"] == "private, no-store"
    assert closed.code == 302
    assert "Straks besloten" in inside.text
    assert "wagtail-userbar" not in site.nginx("/").text
    for address in (
        "/beheer/",
        "/beheer/x.css",
        "/last/over/",
        "/fresh/over/",
        "/over/index.html",
        "/release",
        "/over/index.html.head",
    ):
        answer = site.nginx(address)
        assert answer.code in (301, 302, 404), address
        assert not is_a_file(answer)


def test_static_files_and_images_come_from_nginx_as_safely_as_from_the_app(site, tree, settings):
    settings.MEDIA_ROOT = site.data / "media"
    image = make_image()
    (site.data / "media" / "documents").mkdir()
    (site.data / "media" / "documents" / "geheim.pdf").write_bytes(b"%PDF")
    name = "css/site.0123456789ab.css"
    (site.data / "static" / "css").mkdir(parents=True)
    (site.data / "static" / name).write_text("b{}")

    style, picture = site.nginx(f"/static/{name}"), site.nginx(image.file.url)
    own = site.app(image.file.url)

    assert (style.code, style.text, is_a_file(style)) == (200, "b{}", True)
    assert style.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert (picture.raw, is_a_file(picture), is_a_file(own)) == (own.raw, True, True)
    for header in ("cache-control", "content-type", "content-security-policy", "x-content-type-options"):
        assert picture.headers[header] == own.headers[header]
    for address in (
        "/media/documents/geheim.pdf",
        "/media/images/../documents/geheim.pdf",
        "/media/generation",
    ):
        assert site.nginx(address).code == 404
        assert not is_a_file(site.nginx(address))


def test_the_log_of_nginx_names_pages_and_no_visitor(site):
    for address in ("/over/", "/zoeken/?q=schulden", "/beheer/password_reset/confirm/MQ/geheim/"):
        site.nginx(address, User_Agent="Mozilla/5.0")

    until = time.monotonic() + 10  # nginx writes a line after the answer
    asked, lines = ["/over/", "/zoeken/", ""], []
    while [line["page"] for line in lines[-3:]] != asked and time.monotonic() < until:
        time.sleep(0.05)
        lines = [json.loads(line) for line in (site.data / "nginx" / "portaal.log").read_text().splitlines()]

    assert [line["page"] for line in lines[-3:]] == asked
    assert len({line["id"] for line in lines}) == len(lines)
    for secret in ("127.0.0.1", "schulden", "geheim", "Mozilla"):
        assert secret not in json.dumps(lines)


def test_without_the_app_the_last_good_pages_stay_and_the_rest_is_a_503(site, tree):
    for page in PAGES:
        assert lies_in_the_files(site, page)
    before = site.nginx("/over/")
    make_news(tree, title="Niemand heeft dit gelezen")
    for pid in [site.process.pid, *children_of(site.process.pid)]:
        os.kill(pid, signal.SIGKILL)

    kept = [site.nginx(page) for page in PAGES]
    missing = [site.nginx("/agenda/"), site.nginx("/zoeken/?q=raad"), site.nginx("/beheer/login/")]

    assert [answer.code for answer in kept] == [200] * len(PAGES)
    assert kept[1].body == before.body
    assert kept[1].headers["content-security-policy"] == before.headers["content-security-policy"]
    for answer in missing:
        assert answer.code == 503
        assert answer.headers["retry-after"] == "60"
        assert answer.headers["cache-control"] == "no-store"
        assert "We zijn zo terug" in answer.text
