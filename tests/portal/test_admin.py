"""The admin as an editor meets it: every type can be made, edited and previewed where it belongs."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, Workflow, get_page_models
from wagtail.test.utils.form_data import querydict_from_html

from portal.accounts.people import CHIEF_EDITOR, WRITER, make_user, set_up_groups
from portal.admin import lists
from portal.models import ContentPage, Organisation, Person, PortalImage, Role
from tests.factories import MAKERS, make_municipality, make_news, make_organisation, make_person, make_role

OURS = [model for model in get_page_models() if model._meta.app_label != "wagtailcore" and model.is_creatable]
PASSWORD = "een-heel-lang-wachtwoord"


@pytest.fixture
def editor(client, tree):
    """A logged-in eindredacteur."""
    set_up_groups(tree.home)
    client.force_login(
        make_user("eindredacteur", PASSWORD, group=CHIEF_EDITOR),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.fixture
def writer(client, tree):
    """A logged-in redacteur."""
    set_up_groups(tree.home)
    client.force_login(
        make_user("redacteur", PASSWORD, group=WRITER), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def every_page(tree) -> dict[str, Page]:
    """One page of every type."""
    pages = {type(page).__name__: page for page in vars(tree).values() if isinstance(page, Page)}
    pages.pop("Page")
    return pages | {type(page).__name__: page for page in (make(tree) for make in MAKERS.values())}


def form_data(page, html: str) -> dict:
    """What a browser sends when the edit form is submitted as it stands; StreamFields are filled by script there."""
    data = querydict_from_html(
        html, form_id="w-editor-form" if 'id="w-editor-form"' in html else "page-edit-form"
    )
    data = {name: data.getlist(name) if len(data.getlist(name)) > 1 else data[name] for name in data}
    for field in type(page)._meta.get_fields():
        if type(field).__name__ == "StreamField":
            data[f"{field.name}-count"] = "0"
    return data


def test_every_type_is_covered(tree):
    assert {model.__name__ for model in OURS} == set(every_page(tree))


@pytest.mark.parametrize("name", sorted(model.__name__ for model in OURS))
def test_a_page_of_every_type_can_be_edited_published_and_previewed(editor, tree, name):
    page = every_page(tree)[name]
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = editor.get(edit)
    data = form_data(page, form.content.decode())
    data["title"] = "Een nieuwe titel"

    answer = editor.post(edit, {**data, "action-publish": "action-publish"})
    preview = editor.post(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]), data)
    shown = editor.get(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]))

    assert form.status_code == 200
    assert answer.status_code == 302, answer.context["form"].errors if answer.context else ""
    page.refresh_from_db()
    assert page.title == "Een nieuwe titel"
    assert preview.json()["is_valid"] is True
    assert shown.status_code == 200
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("parent", "offered"),
    [
        ("home", {"StandardPage"}),
        ("raad", {"TopicPage"}),
        ("knowledge", {"ArticlePage", "PublicationPage"}),
        ("instruments", {"InstrumentPage"}),
        ("experiences", {"ExperiencePage"}),
        ("news", {"NewsPage"}),
        ("agenda", {"EventPage"}),
        ("recent", set()),
        ("topic", set()),
    ],
)
def test_only_types_that_belong_there_are_offered(tree, parent, offered):
    creatable = {
        model.__name__
        for model in type(getattr(tree, parent)).creatable_subpage_models()
        if model.can_create_at(getattr(tree, parent))
    }

    assert creatable == offered


def test_knowledge_without_a_theme_is_kept_as_a_draft_but_not_published(editor, tree):
    page = MAKERS["article"](tree)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_data(page, editor.get(edit).content.decode())
    data.pop("themes", None)

    refused = editor.post(edit, {**data, "action-publish": "action-publish"})
    kept = editor.post(edit, data)

    assert "Kies ten minste één thema." in refused.content.decode()
    assert kept.status_code == 302


def test_a_picture_that_nobody_described_is_kept_in_a_draft_but_not_published(editor, tree):
    page = make_news(tree)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_data(page, editor.get(edit).content.decode())
    image = PortalImage.objects.create(title="raadzaal.jpg", file="raadzaal.jpg", width=9, height=9)
    data["image"] = image.pk
    publish = {**data, "action-publish": "action-publish"}

    refused = editor.post(edit, publish)
    kept = editor.post(edit, data)
    PortalImage.objects.update(description="De raad stemt met handopsteken")
    published = editor.post(edit, publish)

    assert "op deze afbeelding te zien is" in refused.text
    assert (kept.status_code, published.status_code) == (302, 302)


def test_an_image_asks_what_there_is_to_see(editor, tree):
    upload = editor.get(reverse("wagtailimages_chooser:choose")).json()["html"]

    assert "Wat is er te zien?" in upload


def test_a_list_writes_months_as_dutch_does(tree):
    column = lists.DayColumn("published_on")

    assert column.get_value(make_news(tree, published_on=date(2026, 5, 12))) == "12 mei 2026"


def test_help_is_our_own_and_in_dutch(writer):
    page = writer.get("/beheer/").text
    shown = [writer.get(f"/beheer/hulp/{name}/") for name in ("schrijven", "publiceren")]

    assert all(title in page for title in ("Zo schrijven we", "Zo publiceer je"))
    assert "whats-new" not in page
    assert "editor-guide" not in page
    assert [answer.status_code for answer in shown] == [200, 200]
    assert "Spreek de lezer aan met je." in shown[0].text


def test_only_what_can_stand_in_a_menu_asks_whether_it_does(editor, tree):
    asked = [
        'name="show_in_menus"' in editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text
        for page in (make_news(tree), tree.over)
    ]

    assert asked == [False, True]


def test_how_long_ago_is_said_in_dutch():
    with time_machine.travel(datetime(2026, 5, 12, 12, 0, 26, tzinfo=UTC), tick=False):
        assert naturaltime(datetime(2026, 5, 12, 12, tzinfo=UTC)) == "26\xa0seconden geleden"


def test_an_event_that_ends_before_it_starts_is_refused_in_plain_words(editor, tree):
    page = MAKERS["event"](tree)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_data(page, editor.get(edit).content.decode())
    data |= {"starts_at": "2026-12-03 14:00", "ends_at": "2026-12-03 13:00"}

    answer = editor.post(edit, {**data, "action-publish": "action-publish"})

    assert "Het einde ligt voor het begin." in answer.content.decode()


def test_a_writer_submits_and_a_chief_editor_publishes(writer, tree):
    item = make_news(tree, live=False)
    edit = reverse("wagtailadmin_pages:edit", args=[item.pk])
    data = form_data(item, writer.get(edit).content.decode())
    refused = writer.post(edit, {**data, "action-publish": "action-publish"})
    item.refresh_from_db()
    assert not item.live
    assert refused.status_code == 302

    writer.post(edit, {**data, "action-submit": "action-submit"})
    state = item.current_workflow_state
    chief = make_user("chef", PASSWORD, group=CHIEF_EDITOR)
    state.current_task_state.approve(user=chief)

    item.refresh_from_db()
    assert state.workflow == Workflow.objects.get()
    assert item.live


def test_every_list_of_items_opens_with_its_filters(editor, tree, django_assert_max_num_queries):
    for make in MAKERS.values():
        make(tree)
    assert len(lists._lists) == len(MAKERS)

    for viewset in lists._lists:
        answer = editor.get(reverse(f"{viewset.name}:index"))

        assert answer.status_code == 200
        assert viewset.model._meta.verbose_name_plural.capitalize() in answer.content.decode()


def test_every_snippet_list_opens(editor, tree):
    User.objects.update(is_superuser=True)
    make_role(), make_person(), make_organisation(), make_municipality()

    for model in ("role", "person", "organisation", "municipality"):
        answer = editor.get(reverse(f"wagtailsnippets_portal_{model}:list"))

        assert answer.status_code == 200


def test_the_admin_speaks_dutch(editor, tree):
    page = editor.get(reverse("wagtailadmin_home")).content.decode()

    assert 'lang="nl"' in page
    assert "Instellingen" in page or "Rapporten" in page or "Inhoud" in page


def test_a_content_page_itself_cannot_be_made():
    assert not ContentPage.is_creatable


def test_a_writer_may_add_images_and_documents(writer, tree):
    for address in ("wagtailimages:add_multiple", "wagtaildocs:add_multiple"):
        assert writer.get(reverse(address)).status_code == 200
    chooser = writer.get(reverse("wagtailimages_chooser:choose")).json()["html"]

    assert "image-chooser-upload-file" in chooser


@pytest.mark.parametrize("address", ["/beheer/choose-page/{}/", "/beheer/choose-page/search/?q=bericht"])
def test_the_page_chooser_asks_the_state_of_all_pages_at_once(editor, tree, address):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(address.format(tree.news.pk)).status_code == 200
        sql = [query["sql"] for query in captured]
        return [
            sum(name in one for one in sql) for name in ("wagtailcore_workflowstate", "wagtailcore_revision")
        ]

    for number in range(2):
        make_news(tree, title=f"Bericht {number}")
    few = asked()
    for number in range(6):
        make_news(tree, title=f"Ander bericht {number}")

    assert asked() == few


@pytest.mark.parametrize(
    ("model", "fields", "slugs"),
    [
        (Person, {"name": "Daniëlle van Dam"}, ["danielle-van-dam", "danielle-van-dam-2"]),
        (Organisation, {"name": "Bureau " + "heel " * 20}, None),
        (Role, {"name": "wethouder", "plural": "wethouders", "order": "0"}, ["wethouder", "wethouder-2"]),
        (Person, {"name": "李"}, ["persoon", "persoon-2"]),
        (Person, {"name": "Sanne", "slug": "eigen-keus"}, ["eigen-keus"]),
    ],
)
def test_an_address_that_is_left_empty_is_made_of_the_name(editor, model, fields, slugs):
    address = reverse(f"wagtailsnippets_portal_{model._meta.model_name}:add")

    answers = [editor.post(address, {"slug": "", **fields}) for _ in range(2)]

    made = list(model.objects.order_by("pk").values_list("slug", flat=True))
    assert made == (slugs or ["bureau" + "-heel" * 14, "bureau" + "-heel" * 14 + "-2"])
    assert answers[0].status_code == 302
    assert "Laat het leeg" in editor.get(address).content.decode()
