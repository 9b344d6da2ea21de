"""Loaded, written and loaded again: the same site and the same files."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction, Revision

from news.models import EventPage
from portal import generation
from portal.content.exporting import export_content
from portal.content.loading import load_content
from portal.content.municipalities import load_municipalities
from portal.models import ContentMunicipality, ContentPage, PortalImage, RelatedItem
from tests.content.conftest import DEMO, clear_site, picture, site_in_words, tree_of
from tests.factories import (
    NOON,
    make_article,
    make_event,
    make_experience,
    make_municipality,
    make_news,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db
BUTTON = '<p data-block-key="a1b2c">Zeg &#x27;ja&#x27; &amp; doe <b>mee</b>.</p>'


def undone(action):
    """What an action gives, with all that it did to the database taken back."""
    with transaction.atomic():
        result = action()
        transaction.set_rollback(True)
    return result


def test_the_whole_demo_survives_and_a_second_load_changes_nothing(
    empty_site, tmp_path, settings, monkeypatch
):
    load_municipalities()
    once, twice = tmp_path / "een", tmp_path / "twee"

    def load_and_export():
        load_content(DEMO)
        export_content(once)
        return site_in_words()

    before = undone(load_and_export)
    settings.MEDIA_ROOT = tmp_path / "andere-media"
    load_content(once)
    export_content(twice)

    assert site_in_words() == before
    assert tree_of(twice) == tree_of(once)
    revisions = Revision.objects.count()
    monkeypatch.setattr(generation, "raise_on_commit", lambda: pytest.fail("a new generation"))
    assert load_content(once).is_quiet
    assert Revision.objects.count() == revisions


@pytest.fixture
def editors_site(tree):
    """What editors make in the admin and a folder written by hand seldom holds."""
    image = PortalImage(title="Raadzaal", description="Stoelen", credit="Foto: Jan")
    image.file = ImageFile(ContentFile(picture()), name="raadzaal.png")
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 20, 15, 7, 9
    image.save()
    document = get_document_model()(title="Regeling: “uitdaagrecht”")
    document.file.save("regeling.pdf", ContentFile(b"%PDF-1.4 klein"))
    griffier, raadslid = make_role("griffier"), make_role("raadslid", "raadsleden")
    sanne, jan = make_person(), make_person("Jan", "jan")
    first = make_article(
        tree,
        slug="index",
        teaser="Eerste regel\r\nTweede regel",
        roles=[raadslid, griffier],
        image=image,
        show_in_recent=True,
        review_due_on=datetime.date(2027, 1, 1),
        body=[
            ("text", BUTTON),
            ("text", f'<p>Lees <a linktype="page" id="{tree.over.pk}">over ons</a>.</p><p></p>'),
            ("heading", {"text": "1. Begin # ", "level": "h3"}),
            ("text", f'<ul><li>de <a linktype="document" id="{document.pk}">regeling</a></li></ul>'),
            ("image", {"image": image, "alt": "Stoelen", "caption": "", "is_decorative": False}),
            (
                "call_to_action",
                {"title": "Doe mee", "text": "a\r\nb", "label": "Ja", "page": tree.agenda, "url": ""},
            ),
        ],
    )
    first.author_links = [
        first.author_links.model(person=person, sort_order=place) for place, person in enumerate((sanne, jan))
    ]
    first.save()
    news = make_news(tree, kind="column", added_at=NOON.replace(microsecond=123456), summary="yes")
    RelatedItem.objects.create(page=first, related_page=news, sort_order=0)
    experience = make_experience(tree, is_evaluated=True, evaluation_source="Een rapport", year_from=2019)
    ContentMunicipality.objects.create(page=experience, municipality=make_municipality(), sort_order=0)
    experience.save()
    make_article(tree, live=False, summary="", title="Nog niet af", themes=[])
    unpublished = make_event(tree, title="Was te zien", sequence=3)
    unpublished.unpublish()
    scheduled = make_news(tree, title="Straks", live=False)
    scheduled.go_live_at = datetime.datetime(2040, 1, 1, 12, tzinfo=datetime.UTC)
    scheduled.save_revision().publish()
    PageViewRestriction.objects.create(page=news, restriction_type=PageViewRestriction.LOGIN)
    Redirect.objects.create(old_path="/oud", redirect_page=first)
    Redirect.objects.create(old_path="/even", redirect_page=first, is_permanent=False)
    Redirect.objects.create(old_path="/weg?a=1", redirect_link="https://example.org/")
    tree.knowledge.move(tree.home, pos="first-child")
    return tree


def test_what_editors_made_survives(editors_site, tmp_path, settings):
    before, once, twice = site_in_words(), tmp_path / "een", tmp_path / "twee"
    export_content(once)
    clear_site()
    settings.MEDIA_ROOT = tmp_path / "andere-media"

    load_content(once)
    export_content(twice)

    assert site_in_words() == before
    assert tree_of(twice) == tree_of(once)
    assert EventPage.objects.get().first_published_at is not None


def test_loading_an_export_over_the_site_it_came_from_touches_no_page(editors_site, tmp_path):
    export_content(tmp_path / "een")
    revisions = Revision.objects.count()

    outcome = load_content(tmp_path / "een")

    assert Revision.objects.count() == revisions
    assert set(outcome.updated) <= {"image", "document", "site"}


def test_a_page_closed_with_a_password_stays_closed_elsewhere(tree, tmp_path):
    page = make_news(tree, slug="besloten")
    closed = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    closed.groups.set([Group.objects.create(name="Raad")])

    export = export_content(tmp_path / "een")

    assert "private: login" in (tmp_path / "een/pages/actueel/besloten.md").read_text()
    assert any("/actueel/besloten/" in remark for remark in export.remarks)


def test_the_order_of_pages_is_only_written_where_their_names_do_not_give_it(editors_site, tmp_path):
    export_content(tmp_path / "een")

    assert "order: 1\n" in (tmp_path / "een/pages/kennisbank/index.md").read_text()
    assert "order" not in (tmp_path / "een/pages/aan-de-slag-met/de-raad.md").read_text()


def test_an_editor_who_changed_a_loaded_page_finds_her_version_in_its_history(files, empty_site):
    load_content(files.root)
    theme = ContentPage.themes.field.related_model.objects.get()
    theme.title = "Zelf gekozen"
    theme.save_revision().publish()

    load_content(files.root)

    theme.refresh_from_db()
    assert theme.title == "De Raad"
    assert [revision.content["title"] for revision in theme.revisions.order_by("pk")][-2:] == [
        "Zelf gekozen",
        "De Raad",
    ]


def test_a_draft_an_editor_is_working_on_is_left_to_her(files, empty_site):
    load_content(files.root)
    theme = ContentPage.themes.field.related_model.objects.get()
    theme.title = "Nog niet af"
    theme.save_revision()

    assert load_content(files.root).is_quiet
    assert theme.get_latest_revision().content["title"] == "Nog niet af"
