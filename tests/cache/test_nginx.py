"""The documented nginx before the portal: the speed of a file, and the answers of the app (docs/operate/nginx.conf)."""

import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import PageViewRestriction

from portal.accounts.people import make_user
from tests.cache.servers import (
    HAS_BROTLI,
    Answer,
    children_of,
    database_url,
    fetch,
    free_port,
    gunicorn,
    nginx,
    nginx_conf,
    read,
    run_nginx,
)
from tests.factories import make_news
from tests.portal.test_pictures import make_image

pytestmark = [pytest.mark.servers, pytest.mark.once]
PAGES = ["/", "/over/", "/kennisbank/", "/aan-de-slag-met/de-raad/"]
OF_THE_CONNECTION = {"date", "server", "connection", "keep-alive", "x-portal"}
#: Of every answer, whoever makes it.
SAFE = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
BY_TLS = {**SAFE, "strict-transport-security": "max-age=31536000; includeSubDomains; preload"}


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
            port=nginx_port,
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


def stop_the_app(site):
    for pid in [site.process.pid, *children_of(site.process.pid)]:
        os.kill(pid, signal.SIGKILL)


def is_safe(answer, headers: dict) -> bool:
    """Whether each of these headers came, once, and a policy that allows nothing from elsewhere."""
    policy = answer.headers.get("content-security-policy", "")
    return headers.items() <= answer.headers.items() and policy.startswith(
        "default-src 'none'; script-src 'self'"
    )


def test_without_the_app_the_last_good_pages_stay_and_the_rest_is_a_503(site, tree):
    for page in PAGES:
        assert lies_in_the_files(site, page)
    before = site.nginx("/over/")
    make_news(tree, title="Niemand heeft dit gelezen")
    stop_the_app(site)

    kept = [site.nginx(page) for page in PAGES]
    known = site.nginx("/over/", If_None_Match=before.headers["etag"])
    missing = [site.nginx("/agenda/"), site.nginx("/zoeken/?q=raad"), site.nginx("/beheer/login/")]
    sent = [site.nginx("/beheer/login/", method="POST"), site.nginx("/over/", method="POST")]
    head = site.nginx("/agenda/", method="HEAD")

    assert [answer.code for answer in kept] == [200] * len(PAGES)
    assert kept[1].body == before.body
    for answer in (*missing, *sent, head):
        assert answer.code == 503
        assert answer.headers["retry-after"] == "60"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert is_safe(answer, BY_TLS)
    for answer in (*missing, *sent):
        assert "We zijn zo terug" in answer.text
        assert "site.css" in answer.text
    assert head.raw == b""
    for answer in (*kept, known):
        assert answer.headers["x-portal"] == "last"
        assert (
            answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
        )  # for caches in between
        assert is_safe(answer, BY_TLS)
    assert known.code == 304
    assert "max-age=60" in before.headers["cache-control"]
    assert "x-portal" not in before.headers


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with a length", "in pieces"])
def test_a_body_that_is_too_large_gets_the_page_of_the_app(site, is_chunked):
    length = 31 * 1024 * 1024
    how = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {length}"
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n" if is_chunked else b"x" * 0x10000
    with socket.create_connection(("127.0.0.1", site.port), 30) as connection:
        connection.sendall(f"POST /beheer/login/ HTTP/1.1\r\nHost: localhost\r\n{how}\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            for _ in range(length // 0x10000):
                connection.sendall(piece)
        answer = read_from(connection)

    assert answer.code == 413
    assert "Dit is te groot" in answer.text
    assert "30,0" in answer.text
    assert BY_TLS.items() <= answer.headers.items()
    assert "content-security-policy" in answer.headers


def test_what_only_nginx_knows_is_no_address(site):
    for address in ("/503.html", "/refused.html"):
        answer = site.nginx(address)

        assert (answer.code, is_a_file(answer)) == (404, False)
        assert "Lokale Democratie" in answer.text


def read_from(connection) -> Answer:
    """What nginx answered on a connection that we write ourselves."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return read(response)


@pytest.fixture
def alone(tmp_path):
    """nginx as the document has it, with TLS and a certificate of our own; no app behind it, and nothing kept."""
    folder = tmp_path / "nginx"
    token = folder / "html" / ".well-known" / "acme-challenge" / "token"
    token.parent.mkdir(parents=True)
    token.write_text("the name is ours")
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "9",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", folder / "key.pem", "-out", folder / "chain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    trusted = ssl.create_default_context(cafile=folder / "chain.pem")
    port, plain_port = free_port(), free_port()
    conf = nginx_conf(port, free_port(), tmp_path / "pages", folder, plain_port=plain_port)

    def by_tls(path: str, method: str = "GET", **headers: str) -> Answer:
        with contextlib.closing(
            http.client.HTTPSConnection("localhost", port, context=trusted)
        ) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            return read(connection.getresponse())

    with run_nginx(conf, folder, plain_port, "/.well-known/acme-challenge/token"):
        yield SimpleNamespace(
            tls=by_tls,
            data=tmp_path,
            plain=lambda path, **options: fetch(plain_port, path, **options),
            port=port,
        )


def test_http_leads_to_https_with_safe_headers_and_shows_certbots_token(alone):
    token = alone.plain("/.well-known/acme-challenge/token")
    other = alone.plain("/.well-known/acme-challenge/none")
    moved = [
        alone.plain(path, method=method) for path in ("/over/?x=1",) for method in ("GET", "HEAD", "POST")
    ]

    assert (token.code, token.text, other.code) == (200, "the name is ours", 404)
    for answer in moved:
        assert (answer.code, answer.headers["location"]) == (301, f"https://localhost:{alone.port}/over/?x=1")
    for answer in (token, other, *moved):
        assert is_safe(answer, SAFE)
        assert "strict-transport-security" not in answer.headers  # RFC 6797: by TLS only


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_with_everything_lost_nginx_still_says_when_to_come_back(alone, method):
    for path in ("/", "/over/", "/beheer/login/", "/media/images/weg.jpg"):
        answer = alone.tls(path, method)

        assert (answer.code, answer.headers["retry-after"], answer.headers["cache-control"]) == (
            503,
            "60",
            "no-store",
        )
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert is_safe(answer, BY_TLS)
        assert method == "HEAD" or "We zijn zo terug" in answer.text


def test_what_nginx_itself_refuses_is_as_safe_and_in_dutch(alone):
    (alone.data / "static").mkdir()
    (alone.data / "static" / "site.0123456789ab.css").write_text("b{}")

    answers = [
        (400, alone.tls("/", Content_Length="veel")),
        (400, alone.tls("/", Cookie="a" * 9000)),
        (405, alone.tls("/static/site.0123456789ab.css", "POST")),
        (405, alone.tls("/", "TRACE")),
        (414, alone.tls("/" + "a" * 9000)),
    ]

    for code, answer in answers:
        assert (answer.code, answer.headers["cache-control"]) == (code, "no-store")
        assert is_safe(answer, BY_TLS)
        assert "Dit lukt niet" in answer.text


def test_what_nginx_refuses_of_a_kept_page_is_as_safe(alone):
    page = alone.data / "pages" / "1" / "over" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html><title>Over</title>")
    (alone.data / "pages" / "fresh").symlink_to("1")

    kept = alone.tls("/over/")
    refused = alone.tls("/over/", If_Unmodified_Since="Thu, 01 Jan 1970 00:00:00 GMT")

    assert (kept.code, kept.headers["cache-control"].split(",")[0]) == (200, "public")
    assert (refused.code, refused.headers["cache-control"]) == (412, "no-store")
    assert is_safe(kept, BY_TLS)
    assert is_safe(refused, BY_TLS)


def test_a_kept_page_is_for_who_asks_for_an_address_and_nothing_more(alone):
    page = alone.data / "pages" / "1" / "over" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html><title>Over</title>")
    (alone.data / "pages" / "fresh").symlink_to("1")
    session = "0123456789abcdef"

    kept = [
        alone.tls("/over/", method, **headers)
        for method in ("GET", "HEAD")
        for headers in (
            {},
            {"Cookie": "voorkeur=1; mijn__Host-sessie=2"},
            {"Host": f"localhost:{alone.port}"},
            {"Host": "LOCALHOST"},
        )
    ]
    for_the_app = [
        alone.tls("/over/", Cookie=f"__Host-sessie={session}"),
        alone.tls("/over/", Cookie=f"voorkeur=1; sessionid={session}"),
        alone.tls("/over/", Cookie=f"voorkeur=1;__Host-sessie={session}"),
        alone.tls("/over/", Authorization="Basic eDp5"),
        alone.tls("/over/?pagina=2"),
        alone.tls("/over/", "POST"),
        alone.tls("/over"),
    ]

    assert [answer.code for answer in kept] == [200] * len(kept)
    assert [answer.code for answer in for_the_app] == [503] * len(for_the_app)  # there is none
