"""Which requests share a copy, and which never come near one (BAR.md S10, S11, S12)."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from portal import chrome, generation
from portal.accounts.people import make_user
from portal.cache.addresses import canonical_query
from portal.cache.copies import CACHE_CONTROL
from portal.cache.store import place_of
from portal.lost.models import LostAddress
from portal.lost.report_writing import collect
from tests.factories import make_news

PASSWORD = "een-heel-lang-wachtwoord"


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("", ""),
        ("utm_source=x&fbclid=y", ""),
        ("thema=participatie&q=raad&utm=1", "?q=raad&thema=participatie"),
        ("thema=b&thema=a&thema=a", "?thema=a&thema=b"),
        ("pagina=1", ""),
        ("pagina=2&", "?pagina=2"),
        ("sorteer=nieuw", ""),
        ("sorteer=kwaad", ""),
        ("periode=voorbij", "?periode=voorbij"),
        ("pagina=abc", None),
        ("pagina=0", None),
        ("page=1", None),
        ("page=x", ""),
        ("Q=raad", ""),
    ],
)
def test_only_known_parameters_in_one_order_make_the_key(given, canonical):
    assert canonical_query("/recent/", given) == canonical


def test_a_part_of_the_sitemap_has_a_number(db):
    assert canonical_query("/sitemap-paginas.xml", "p=2&x=1") == "?p=2"
    assert canonical_query("/sitemap-paginas.xml", "p=kwaad") == ""
    assert canonical_query("/sitemap/", "pagina=2") == "?pagina=2"  # a list may be named so


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("/", "index.html"),
        ("/aan-de-slag-met/de-raad/", "aan-de-slag-met/de-raad/index.html"),
        ("/recent/feed.atom", "recent/feed.atom"),
        ("/recent/?pagina=3", "recent/index.html?pagina=3"),
        ("/recent/?thema=raad", None),
        ("/recent/index.html", None),
        ("/index.html", None),
        ("/../etc/passwd", None),
        ("/.well-known/security.txt", None),
        ("/a/.head", None),
        ("/Actueel/", None),
        ("//", None),
        ("/" + "x" * 300 + "/", None),
    ],
)
def test_only_plain_addresses_have_a_place_on_disk(key, place):
    assert place_of(key) == place


def test_variants_of_one_address_share_one_render(read, rendered):
    for address in ("/recent/", "/recent/?utm_source=a", "/recent/?b=1&pagina=1", "/recent/?sorteer=nieuw"):
        assert read(address).code == 200

    assert rendered == ["/recent/"]


POISON = [
    {"x_forwarded_host": "kwaad.example"},
    {"x_forwarded_proto": "https"},
    {"x_forwarded_port": "9999"},
    {"x_forwarded_prefix": "/kwaad"},
    {"x_forwarded_for": "203.0.113.66"},
    {"x_original_url": "/kwaad/"},
    {"x_rewrite_url": "/kwaad/"},
    {"x_http_method_override": "POST"},
    {"x_host": "kwaad.example"},
    {"forwarded": "host=kwaad.example;proto=https"},
    {"x_script_name": "/kwaad"},
    {"accept_language": "en"},
    {"user_agent": "Mozilla/kwaad"},
    {"referer": "https://kwaad.example/"},
    {"origin": "https://kwaad.example"},
    {"range": "bytes=0-9"},
    {"accept": "application/json"},
    {"cookie": "csrftoken=kwaad; andere=1"},
    {"cache_control": "no-cache", "pragma": "no-cache"},
    {"sec_fetch_site": "cross-site"},
]


@pytest.mark.parametrize("headers", POISON, ids=lambda headers: "+".join(headers))
def test_no_header_of_a_visitor_reaches_a_copy(layer, read, headers):
    for address in ("/", "/recent/feed.atom"):
        poisoned = read(address, **headers)
        after = read(address)
        layer.memory.drop(address)
        layer.store = type(layer.store)(layer.store.root.parent / "elsewhere", layer.store.release)
        clean = read(address)

        assert poisoned.code == 200
        assert after.body == clean.body
        assert b"kwaad" not in after.body
        assert "kwaad" not in str(after.headers)


@pytest.mark.parametrize(
    "extra",
    [
        {"CONTENT_LENGTH": "9"},
        {"transfer_encoding": "chunked"},
        {"authorization": "Basic a2E="},
        {"SCRIPT_NAME": "/x"},
    ],
)
def test_a_get_that_carries_more_is_never_stored(layer, read, extra):
    read("/", **extra)

    assert len(layer.memory) == 0
    assert layer.store.lasting_keys() == []


@pytest.mark.parametrize(
    "host",
    [
        "kwaad.example",
        "localhost:8000@kwaad.example",
        "",
        "localhost:8000, kwaad.example",
        "[::1",
        "kwaad.example:80",
    ],
)
def test_another_host_is_refused_and_nothing_is_stored(layer, read, host):
    answer = read("/", host=host)

    assert answer.code == 400
    assert len(layer.memory) == 0
    assert layer.store.lasting_keys() == []


DECEPTION = [
    *("/beheer/x.css", "/beheer/account/;a.css", "/beheer/%2e%2e/a.js", "/beheer/../a.js", "/beheer/"),
    *(
        "/beheer/login/",
        "/beheer/pages/x.js",
        "//beheer/",
        "/over/x.css",
        "/over/;a.css",
        "/over/.css",
        "/over/%0a.css",
    ),
    *("/gezondheid/live/", "/gezondheid/klaar/", "/_util/login/"),
]


@pytest.mark.parametrize("address", DECEPTION)
def test_what_is_not_public_is_never_in_a_copy(layer, read, tree, address):
    make_user("ineke", PASSWORD, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get())
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    inside = read(address, cookie=session)
    outside = read(address)

    assert "no-store" in inside.headers["cache-control"] or "no-cache" in inside.headers["cache-control"]
    assert "ineke" not in outside.text
    assert "public" not in outside.headers.get("cache-control", "")
    assert len(layer.memory) == 0
    assert layer.store.lasting_keys() == []


def test_an_editor_sees_her_own_page_and_of_a_thousand_visitors_nobody_does(layer, read, tree):
    make_user("ineke", PASSWORD, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get())
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    addresses = ("/", tree.over.url, tree.knowledge.url, tree.participatie.url)
    before = {address: read(address).body for address in addresses}
    seen = changed = 0

    for number in range(1000):
        address = addresses[number % len(addresses)]
        if number % 49 == 0:  # she comes first after each change: what she gets must not be kept
            generation.raise_now()
            hers = read(address, cookie=session)
            assert "wagtail-userbar" in hers.text
            assert hers.headers["cache-control"] == "private, no-store"
        his = read(address)
        seen += "wagtail-userbar" in his.text
        changed += his.body != before[address]

    assert (seen, changed) == (0, 0)


@pytest.mark.parametrize(
    "kind", [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD, PageViewRestriction.GROUPS]
)
def test_a_private_page_is_never_kept_and_its_last_copy_goes(layer, read, tree, kind):
    item = make_news(tree, title="Besloten bericht")
    assert "Besloten bericht" in read(item.url).text
    PageViewRestriction.objects.create(page=item, restriction_type=kind, password="geheim")
    chrome.forget()
    generation.raise_now()

    answer = read(item.url)

    assert "Besloten bericht" not in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert layer.memory.get(item.url) is None
    assert layer.store.read_last(item.url) is None
    layer.pulse.is_down = True
    assert read(item.url).code == 503


def test_a_password_form_is_made_for_each_visitor_alone(read, tree):
    item = make_news(tree)
    PageViewRestriction.objects.create(page=item, restriction_type="password", password="geheim")

    first, second = read(item.url), read(item.url)

    assert first.code == second.code == 200
    assert first.headers["set-cookie"] != second.headers["set-cookie"]


def test_each_search_reaches_django_with_its_reader_so_that_it_is_counted(layer, read, rendered):
    for _ in range(3):
        answer = read("/zoeken/?q=raad&utm=1", user_agent="Mozilla/5.0")
        assert "private" in answer.headers["cache-control"]

    assert rendered == ["/zoeken/?q=raad&utm=1"] * 3
    assert len(layer.memory) == 0


def test_invented_addresses_leave_nothing(layer, read, rendered):
    for number in range(20):
        assert read(f"/bestaat-niet-{number}/").code == 404
        assert read(f"/over/?utm={number}").code == 200
        assert read(f"/over/?pagina={number + 2}").code == 200
        assert read(f"/over/?q=woord{number}").code == 200
        assert read(f"/over/?thema=onzin{number}&jaar={number}").code == 200
        assert read(f"/robots.txt?gemeente=onzin{number}").code == 200

    assert sorted(layer.store.lasting_keys()) == ["/over/", "/robots.txt"]
    assert [*layer.memory._copies] == ["/over/", "/robots.txt"]
    assert not (layer.store.root / "others").exists()
    assert len(read.app._meant) == 0


def test_a_page_without_a_list_is_rendered_once_whatever_is_asked_of_it(read, rendered):
    bare = read("/over/")
    answers = [read(f"/over/?q=woord{number}") for number in range(5)]

    assert {answer.body for answer in answers} == {bare.body}
    assert {answer.headers["etag"] for answer in answers} == {bare.headers["etag"]}
    assert rendered == ["/over/"]


def test_a_question_that_comes_before_the_page_itself_is_answered_by_the_bare_path(layer, read, rendered):
    first = read("/over/?q=woord")
    second = read("/over/?thema=onzin")

    assert (first.code, first.body) == (200, second.body)
    assert rendered == ["/over/?q=woord", "/over/"]
    assert layer.store.read_last("/over/").reads_query is False


def test_a_page_that_becomes_a_list_is_asked_anew(layer, read, tree):
    assert read("/recent/?q=raad").code == 200
    make_news(tree, title="Over de begroting")
    over = read("/over/?q=begroting")
    tree.over.delete()
    tree.recent.slug = "over"
    tree.recent.save()
    chrome.forget()
    generation.raise_now()

    assert "Over de begroting" not in over.text
    assert "Over de begroting" in read("/over/?q=begroting").text


INVENTED = [
    *("/recent/?thema=onzin", "/recent/?jaar=1234", "/recent/?jaar=onzin", "/recent/?gemeente=xyz"),
    *("/recent/?q=bestaatnietwoord", "/recent/?q=raad&auteur=niemand", "/zoeken/?thema=onzin"),
    *(
        "/recent/?soort=nieuws&soort=onzin",
        "/recent/feed.atom?thema=onzin",
        "/recent/lijst.csv?q=bestaatniet",
    ),
    *("/recent/lijst.csv?pagina=7", "/agenda/agenda.ics?pagina=7"),
]


@pytest.mark.parametrize("address", INVENTED)
def test_a_choice_that_stands_for_nothing_is_answered_and_not_kept(layer, read, tree, address):
    make_news(tree)

    first, second = read(address), read(address)

    assert (first.code, second.body) == (200, first.body)
    assert first.headers["cache-control"] == CACHE_CONTROL
    assert len(layer.memory) == 0
    assert layer.store.lasting_keys() == []
    assert not (layer.store.root / "others").exists()


def test_a_choice_that_lost_its_meaning_takes_its_last_good_copy_with_it(layer, read, tree):
    news = make_news(tree)
    address = f"/recent/?q={news.title.split()[0].lower()}"
    assert read(address).code == 200
    assert layer.store.read_last(address) is not None
    news.unpublish()
    chrome.forget()
    generation.raise_now()

    read(address)

    assert layer.store.read_last(address) is None


def test_no_number_of_words_pushes_out_the_copy_of_a_list_of_one_kind(layer, read, tree, monkeypatch):
    monkeypatch.setattr("portal.cache.slots.COUNT", 4)
    make_news(tree, title=" ".join(f"woord{number}" for number in range(20)))
    read("/recent/?soort=nieuws")

    for number in range(20):
        assert read(f"/recent/?q=woord{number}").code == 200
        assert read(f"/recent/?q=woord{number}&soort=nieuws").code == 200

    assert layer.store.read_last("/recent/?soort=nieuws") is not None
    assert layer.store.read_last("/recent/?q=woord19&soort=nieuws") is not None


def test_an_old_address_with_a_parameter_of_its_own_leads_where_it_should(layer, read, tree):
    Redirect.objects.create(old_path="/artikel?id=7", redirect_page=tree.over)

    known, other, bare = read("/artikel/?id=7"), read("/artikel/?id=8"), read("/artikel/")

    assert (known.code, known.headers["location"]) == (301, "/over/")
    assert (other.code, bare.code) == (404, 404)
    assert len(layer.memory) == 0
    assert layer.store.lasting_keys() == []


def test_a_broken_link_is_reported_once_with_the_page_on_which_it_stands(read, tree):
    read("/bestaat-niet/", REFERER="http://localhost:8000/over/")
    collect()

    lost = LostAddress.objects.get()

    assert (lost.path, lost.count, lost.referrer) == ("/bestaat-niet", 1, "/over")


def test_invented_words_never_take_more_files_than_there_are_slots(layer, read, tree, monkeypatch):
    monkeypatch.setattr("portal.cache.slots.COUNT", 4)
    make_news(tree, title=" ".join(f"woord{number}" for number in range(20)))

    for number in range(20):
        assert read(f"/recent/?q=woord{number}").code == 200

    assert len(list((layer.store.root / "others").iterdir())) <= 4
    last = layer.store.read_last("/recent/?q=woord19")
    assert last.digest == layer.memory.get("/recent/?q=woord19").digest
    assert layer.store.read_last("/recent/?q=woord1") is None


def test_memory_stays_within_its_bytes(layer, read, tree):
    layer.memory.limit = 100_000
    for start in range(0, 100, 20):
        make_news(tree, title=" ".join(f"woord{number}" for number in range(start, start + 20)))

    for number in range(100):
        read(f"/recent/?q=woord{number}")

    assert 0 < layer.memory.used <= 100_000
    assert layer.memory.used == sum(copy.weight + len(key) for key, copy in layer.memory._copies.items())
    assert "/recent/?q=woord99" in layer.memory._copies
    assert "/recent/?q=woord0" not in layer.memory._copies
