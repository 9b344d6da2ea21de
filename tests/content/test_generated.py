"""Generated items are whole: what a bulk write passes over is there, and taking them away leaves no trace."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex
from wagtail.search.models import IndexEntry

from portal.content.generated import ground
from portal.content.generated.loading import generate, generated_pages
from portal.content.generated.removing import remove
from portal.models import ContentPage, PortalDocument, PortalImage
from portal.search.models import SearchTerm
from portal.search.vocabulary import refresh
from portal.text import fold
from tests import factories

COUNT = 60
#: Not content: what the database or Wagtail keeps for itself, and what another process does.
LEFT_OUT = {"django_migrations", "django_session", "django_content_type", "auth_permission"}


@pytest.fixture
def places(tree, monkeypatch):
    """What items are filed under; one picture is enough here."""
    monkeypatch.setattr(ground, "PICTURES", {"raadzaal": ground.PICTURES["raadzaal"]})
    factories.make_role()
    return [factories.make_municipality(), factories.make_municipality("Loon", "0001")]


def words() -> set[tuple]:
    """The words of the site, which are counted anew."""
    return set(SearchTerm.objects.values_list("surface", "key", "df"))


def everything() -> dict[str, list]:
    """Every row of every table that is not derived from others."""
    return {
        model._meta.db_table: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in LEFT_OUT and not model._meta.proxy
        if not getattr(model, "is_derived", False)
    }


def references() -> Counter:
    return Counter(
        ReferenceIndex.objects.values_list("object_id", "to_object_id", "model_path", "content_path_hash")
    )


def index_entries() -> Counter:
    return Counter(IndexEntry.objects.values_list("content_type_id", "object_id"))


def test_generated_items_are_of_every_type_and_marked_as_examples(places):
    generate(COUNT, seed=1)

    items = ContentPage.objects.live().filter(is_example=True)
    assert items.count() == COUNT
    assert set(items.values_list("kind", flat=True)) == {
        "verdieping", "publicatie", "instrument", "praktijkvoorbeeld",
        "nieuws", "column", "interview", "verslag", "bijeenkomst",
    }  # fmt: skip
    assert {link.municipality for page in items for link in page.municipality_links.all()} == set(places)


def test_each_kind_is_as_long_as_it_usually_is(places):
    generate(COUNT, seed=1)

    parts = {}
    for page in ContentPage.objects.specific():
        parts.setdefault(page.kind, []).append(sum(block.block_type == "heading" for block in page.body))
        assert bool(page.body) == (page.kind != "publicatie")
    assert min(parts["verdieping"]) >= 2
    assert max(parts["nieuws"] + parts["column"] + parts["bijeenkomst"]) <= 1


def test_every_generated_item_could_have_been_written_by_an_editor(places):
    generate(COUNT, seed=1)

    for page in ContentPage.objects.specific():
        page.full_clean()
        for name in ("body", "steps", "report"):
            if stream := getattr(page, name, None):
                stream.stream_block.clean(stream)
        assert page.title_key == fold(page.title)
        assert page.card_line == page.get_card_line()
        assert page.added_at == page.first_published_at < timezone.now()


def test_a_generated_item_has_a_revision_that_says_the_same(places):
    generate(COUNT, seed=1)

    for page in ContentPage.objects.specific():
        draft = page.get_latest_revision_as_object()
        assert page.live_revision_id == page.latest_revision_id is not None
        assert draft.serializable_data() == page.serializable_data()


def test_nothing_has_to_be_repaired_after_generating(places):
    call_command("update_index", verbosity=0)
    generate(COUNT, seed=1)
    found, indexed = references(), index_entries()

    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    fixes = StringIO()
    call_command("fixtree", interactive=False, stdout=fixes)

    assert references() == found
    assert index_entries() == indexed
    assert "No problems found" in fixes.getvalue()
    assert Page.find_problems() == ([], [], [], [], [])


def test_the_same_seed_makes_the_same_items(places):
    def texts():
        return list(
            ContentPage.objects.order_by("translation_key").values_list(
                "title", "summary", "added_at", "slug"
            )
        )

    generate(COUNT, seed=1)
    first = texts()
    remove()
    generate(COUNT, seed=1)
    second = texts()
    remove()
    generate(COUNT, seed=2)
    other = texts()

    assert first == second
    assert not {title for title, *_ in first} >= {title for title, *_ in other}


def test_generating_again_adds_only_what_is_missing(places):
    generate(20, seed=1)
    before = set(generated_pages().values_list("pk", flat=True))

    assert generate(20, seed=1) == 0
    assert generate(30, seed=1) == 10
    assert before < set(generated_pages().values_list("pk", flat=True))


def test_removing_leaves_everything_else_as_it_was(places, tree, django_capture_on_commit_callbacks):
    factories.make_news(tree)
    factories.make_experience(tree)
    call_command("update_index", verbosity=0)
    refresh()
    before, words_before = everything(), words()

    generate(COUNT, seed=1)
    stored = [row.file for model in (PortalImage, PortalDocument) for row in model.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        removed = remove()

    assert removed == COUNT
    assert everything() == before
    assert words() == words_before
    assert stored
    assert [file.name for file in stored if file.storage.exists(file.name)] == []


def test_removing_lets_go_of_what_editors_hung_on_generated_items(places, tree):
    own = factories.make_news(tree)
    generate(COUNT, seed=1)
    target = ContentPage.objects.filter(is_example=True).first()
    own.related_links.create(related_page=target)
    own.image = PortalImage.objects.first()
    own.save()

    remove()

    own.refresh_from_db()
    assert own.image is None
    assert not own.related_links.exists()


def test_another_seed_or_a_smaller_number_is_refused_and_changes_nothing(places):
    generate(20, seed=1)

    for arguments in (["20", "--seed=2"], ["10"]):
        with pytest.raises(CommandError, match="--remove"):
            call_command("generate_content", *arguments)

    assert generated_pages().count() == 20


@pytest.mark.parametrize("arguments", [[], ["0"], ["5", "--remove"], ["5", "--seed=-1"]])
def test_what_cannot_be_meant_is_refused(db, arguments):
    with pytest.raises(CommandError):
        call_command("generate_content", *arguments)


def test_without_municipalities_it_says_what_to_run_first(tree):
    with pytest.raises(CommandError, match="load_municipalities"):
        call_command("generate_content", "5")

    assert not PortalImage.objects.exists()
