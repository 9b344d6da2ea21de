"""What a reader gets from a copy: the same page, compressed, with headers that any CDN understands."""

import brotli
import pytest

from portal import generation
from portal.cache.copies import CACHE_CONTROL
from portal.models import PortalSettings
from tests.factories import make_event, make_news

PUBLIC = [
    *(
        "/",
        "/kennisbank/",
        "/aan-de-slag-met/de-raad/",
        "/over/",
        "/recent/?q=raad",
        "/agenda/?periode=voorbij",
    ),
    *("/recent/feed.atom", "/recent/lijst.csv", "/recent/lijst.json", "/agenda/agenda.ics"),
    *("/sitemap.xml", "/robots.txt", "/.well-known/security.txt"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_is_rendered_once_and_then_answered_from_its_copy(read, rendered, tree, address):
    make_news(tree, title="Voor de raad")
    make_event(tree)
    first, second = read(address), read(address)

    assert (first.code, second.code) == (200, 200)
    assert first.body == second.body
    assert first.headers == second.headers
    assert rendered == [address]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_headers_are_those_of_an_answer_that_any_cdn_may_keep(read, address):
    headers = read(address).headers

    assert headers["cache-control"] == CACHE_CONTROL
    assert headers["vary"] == "Accept-Encoding"
    assert headers["etag"].startswith('"')
    assert headers["last-modified"].endswith("GMT")
    assert "set-cookie" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("deflate", ""),
        ("", ""),
        ("gzip;q=0", ""),
        ("gzip;q=kwaad", ""),
        ("x" * 5000, ""),
    ],
)
def test_the_body_comes_in_the_encoding_a_reader_accepts(read, accepted, encoding):
    plain = read("/").body

    answer = read("/", accept_encoding=accepted)

    assert answer.headers.get("content-encoding", "") == encoding
    assert (brotli.decompress(answer.raw) if encoding == "br" else answer.body) == plain
    assert int(answer.headers["content-length"]) == len(answer.raw)


def test_each_encoding_has_its_own_strong_etag(read):
    tags = {read("/", accept_encoding=encoding).headers["etag"] for encoding in ("", "gzip", "br")}

    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


@pytest.mark.parametrize("address", ["/", "/recent/?q=raad"])
def test_a_reader_who_has_the_page_is_told_so(read, address):
    tag = read(address).headers["etag"]

    known = read(address, if_none_match=f'"anders", {tag}')
    other = read(address, if_none_match='"anders"')

    assert (known.code, known.raw) == (304, b"")
    assert known.headers["etag"] == tag
    assert "content-length" not in known.headers
    assert other.code == 200


def test_a_page_on_disk_is_known_by_its_moment_too(read):
    moment = read("/").headers["last-modified"]

    assert read("/", if_modified_since=moment).code == 304
    assert read("/", if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT").code == 200


def test_head_says_what_get_says_without_the_body(read):
    whole, head = read("/"), read("/", method="HEAD")

    assert head.raw == b""
    assert head.headers == whole.headers


def test_a_change_shows_at_the_next_request_and_the_etag_changes_with_it(read, tree):
    before = read("/")
    PortalSettings.objects.update_or_create(site=tree.site, defaults={"name": "Nieuwe naam"})
    generation.raise_now()

    after = read("/")

    assert "Nieuwe naam" in after.text
    assert after.headers["etag"] != before.headers["etag"]
    assert read("/", if_none_match=before.headers["etag"]).code == 200


def test_a_page_that_did_not_change_keeps_its_etag_through_a_new_generation(read):
    before = read("/over/")
    generation.raise_now()

    after = read("/over/")

    assert after.headers["etag"] == before.headers["etag"]
    assert read("/over/", if_none_match=before.headers["etag"]).code == 304


def test_a_page_that_changes_twice_in_one_second_has_three_etags(read, tree):
    tags = set()
    for title in (
        "Een",
        "Twee",
        "Drie",
    ):  # of one length where it can be, so that size alone does not tell them apart
        tree.over.title = title.ljust(4, ".")
        tree.over.save()
        generation.raise_now()
        tags.add(read("/over/", accept_encoding="").headers["etag"])

    assert len(tags) == 3


def test_a_file_too_large_to_keep_is_sent_by_django_itself(read, rendered, monkeypatch):
    monkeypatch.setattr("portal.cache.layer.LARGEST", 10)

    first, second = read("/recent/lijst.csv"), read("/recent/lijst.csv")

    assert first.code == second.code == 200
    assert first.body == second.body
    assert len(rendered) == 3
