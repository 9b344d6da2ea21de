"""The role matrix: every address under /beheer/, for everyone, held against the policy."""

from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from portal.accounts.people import (
    CHIEF_EDITOR,
    COLLECTION_PERMISSIONS,
    MODEL_PERMISSIONS,
    PAGE_PERMISSIONS,
    WRITER,
    make_user,
    set_up_groups,
)
from portal.watching.naming import is_refusal
from tests.accounts import policy
from tests.accounts.people import PASSWORD
from tests.accounts.routes import in_workflow, routes, things, values
from tests.factories import make_article, make_news

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Written by the session and by the log of who did what, whoever asks for whatever.
QUIET = ("django_session", "wagtailcore_modellogentry", "axes_")
ELSEWHERE = "//kwaad.example/"
AWAY = dict.fromkeys(("next", "return_url"), ELSEWHERE)

pytestmark = pytest.mark.once


class Writes:
    """Notes the tables that statements change, while it stands around them."""

    def __init__(self):
        self.tables = set()

    def __call__(self, execute, sql, params, many, context):
        words = sql.split(None, 3)
        verb = words[0].upper() if words else ""
        if verb in ("INSERT", "UPDATE", "DELETE"):
            table = words[1 if verb == "UPDATE" else 2].strip('"`')
            if not table.startswith(QUIET):
                self.tables.add(table)
        return execute(sql, params, many, context)


def section_writer(name: str, section):
    """Someone with the rights of a redacteur, below one section only."""
    group = Group.objects.create(name=f"Redacteur {name}")
    group.permissions.set(Permission.objects.filter(codename__in=MODEL_PERMISSIONS[WRITER]))
    pages = Permission.objects.filter(content_type__app_label="wagtailcore")
    for verb in PAGE_PERMISSIONS[WRITER]:
        permission = pages.get(codename=f"{verb}_page")
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)
    for permission in Permission.objects.filter(
        codename__in=COLLECTION_PERMISSIONS[WRITER],
        content_type__app_label__in=["wagtailimages", "wagtaildocs"],
    ):
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
    return make_user(f"redacteur {name}", PASSWORD, group=group.name)


@pytest.fixture
def house(tree):
    """The portal with people of two sections, a page of each that waits for the eindredactie, and one of all else."""
    set_up_groups(tree.home)
    a, b = section_writer("a", tree.news), section_writer("b", tree.knowledge)
    beheerder = make_user("beheerder", PASSWORD, is_superuser=True)
    news, article = make_news(tree, owner=a), make_article(tree, owner=b)
    for page, owner in ((news, a), (article, b)):
        in_workflow(page, owner)
        EditingSession.objects.create(
            user=beheerder,
            content_type=ContentType.objects.get_for_model(page),
            object_id=page.pk,
            last_seen_at=timezone.now(),
        )
    return SimpleNamespace(
        people={
            "anonymous": (None, policy.EVERYONE),
            "redacteur a": (a, policy.WRITER),
            "redacteur b": (b, policy.WRITER),
            "eindredacteur": (make_user("eindredacteur", PASSWORD, group=CHIEF_EDITOR), policy.CHIEF),
            "beheerder": (beheerder, policy.BEHEERDER),
        },
        news=(news, tree.news),
        articles=(article, tree.knowledge),
        things=things(beheerder),
    )


def browser_of(user, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    if user:
        client.force_login(user, backend=BACKEND)
        client.get("/beheer/account/")  # the first look makes someone's preferences
    return client


def ask(client, method: str, address: str, **options):
    """The answer, and the tables that were changed for it; all is undone."""
    writes, cookies = Writes(), client.cookies.copy()
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            answer = getattr(client, method)(address, **options)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer, writes.tables


def host_of(location: str) -> str:
    """Where a browser ends up: it drops tabs and line ends, and reads a backslash as a slash."""
    plain = (
        "".join(character for character in location if character not in "\t\r\n").strip().replace("\\", "/")
    )
    return urlsplit(urljoin("http://testserver/beheer/", plain)).netloc


def faults(answer, tables, is_allowed: bool, method: str) -> list[str]:
    """What is wrong with an answer to someone who may, or may not, have it."""
    found = []
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if not is_allowed and answer.status_code == 200:
        found.append("200 for who may not")
    if not is_allowed and tables:
        found.append(f"changed {sorted(tables)} for who may not")
    if is_allowed and method == "get" and is_refusal(answer.wsgi_request, answer):
        found.append("refused to who may")
    if host_of(answer.headers.get("Location", "")) != "testserver":
        found.append(f"leads to {answer.headers['Location']}")
    return found


@pytest.mark.parametrize(
    ("who", "is_own"),
    [
        ("anonymous", False),
        ("redacteur a", False),
        ("redacteur a", True),
        ("redacteur b", False),
        ("eindredacteur", False),
        ("beheerder", False),
    ],
)
def test_everyone_gets_what_the_policy_gives_and_nothing_else(house, who, is_own):
    user, level = house.people[who]
    page, parent = house.news if (who == "redacteur b") != is_own else house.articles
    client, found = browser_of(user), []

    for route in routes():
        address = route.address(values(route, page, parent, house.things))
        is_allowed = policy.is_allowed(route.name, level, is_own=is_own)
        for method in ("get", "post"):
            answer, tables = ask(client, method, address, query_params=AWAY)
            found += [
                f"{method} {route.name} {address}: {fault}"
                for fault in faults(answer, tables, is_allowed, method)
            ]

    assert "\n".join(found) == ""


@pytest.mark.parametrize("token", ["none", "of another session", "with another origin"])
def test_nothing_under_beheer_is_posted_without_a_token_of_this_session(house, token):
    user, _ = house.people["beheerder"]
    client = browser_of(user, enforce_csrf_checks=True)
    options = {"none": {}, "of another session": {"headers": {"X-CSRFToken": "x" * 64}}}.get(token)
    if options is None:
        own = {"X-CSRFToken": client.cookies["csrftoken"].value, "Origin": "https://kwaad.example"}
        options = {"headers": own}
    found = []

    for route in routes():
        address = route.address(values(route, *house.news, house.things))
        answer, tables = ask(client, "post", address, **options)
        if answer.status_code != 403 or tables:
            found.append(f"{route.name}: {answer.status_code} {sorted(tables)}")

    assert "\n".join(found) == ""
