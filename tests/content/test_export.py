"""Writing the site as a folder: where it may go, all of it or nothing, and what it costs."""

import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.exporting import CannotExport, export_content
from portal.content.loading import load_content
from portal.content.page_writing import current_state
from portal.models import PortalImage, Role
from tests.content.conftest import clear_site, tree_of
from tests.factories import make_article, make_news

pytestmark = pytest.mark.django_db


def test_the_command_writes_the_site_and_says_how_much_of_what(tree, tmp_path, capsys):
    make_news(tree)

    call_command("export_content", tmp_path / "inhoud")

    assert "news: 1\n" in capsys.readouterr().out
    assert (
        (tmp_path / "inhoud/pages/index.md").read_text().startswith("---\ntype: home\ntitle: Aan de slag met")
    )
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_is_not_empty_is_refused_in_one_sentence_and_left_as_it_is(tree, tmp_path):
    (tmp_path / "vol").mkdir()
    (tmp_path / "vol" / "site.md").write_text("van mij")

    with pytest.raises(CommandError, match=r"is not empty: name another folder, or use --replace"):
        call_command("export_content", tmp_path / "vol")

    assert tree_of(tmp_path / "vol") == {"site.md": b"van mij"}


def test_an_earlier_export_is_replaced_when_that_is_asked(tree, tmp_path):
    page = make_news(tree)
    export_content(tmp_path / "inhoud")
    page.delete()

    export_content(tmp_path / "inhoud", replaces=True)

    assert not (tmp_path / "inhoud" / "pages" / "actueel").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", [".git", "foto.png", "archief"])
def test_what_is_not_of_an_export_is_never_replaced(name, tree, tmp_path):
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / name).write_text("van mij")

    with pytest.raises(CannotExport, match=rf"holds {name}, which is not of an export"):
        export_content(tmp_path / "map", replaces=True)

    assert tree_of(tmp_path / "map") == {name: b"van mij"}


def test_a_folder_in_a_place_that_is_not_there_is_refused(tree, tmp_path):
    with pytest.raises(CannotExport, match="There is no folder"):
        export_content(tmp_path / "nergens" / "inhoud")


def test_an_empty_site_has_nothing_to_export(empty_site, tmp_path):
    with pytest.raises(CannotExport, match="no home page yet"):
        export_content(tmp_path / "inhoud")

    assert list(tmp_path.glob("*inhoud*")) == []


def test_an_export_that_breaks_halfway_leaves_the_earlier_one_and_nothing_else(tree, tmp_path, monkeypatch):
    make_article(tree)
    export_content(tmp_path / "inhoud")
    before = tree_of(tmp_path / "inhoud")
    monkeypatch.setattr("portal.content.exporting.current_state", lambda row: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        export_content(tmp_path / "inhoud", replaces=True)

    assert tree_of(tmp_path / "inhoud") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_full_disk_is_told_in_one_sentence(tree, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.content.exporting._Exporter._write", full)

    with pytest.raises(CannotExport, match="cannot be written: No space left on device"):
        export_content(tmp_path / "inhoud")

    assert list(tmp_path.glob("*inhoud*")) == []


def test_others_on_the_machine_may_read_an_export_as_the_umask_says(tree, tmp_path):
    export_content(tmp_path / "inhoud")
    (tmp_path / "gewoon").mkdir()

    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("inhoud", "gewoon")]

    assert modes[0] == modes[1]


def test_an_image_whose_file_is_gone_is_left_out_so_that_the_rest_can_be_loaded(tree, tmp_path):
    image = PortalImage.objects.create(title="Weg", file="original_images/weg.png", width=1, height=1)
    body = [("image", {"image": image, "alt": "x", "caption": "", "is_decorative": False})]
    make_article(tree, image=image, body=body)

    export = export_content(tmp_path / "inhoud")
    clear_site()
    load_content(tmp_path / "inhoud")

    assert not PortalImage.objects.exists()
    assert len(export.remarks) == 3


def test_the_number_of_queries_does_not_grow_with_the_number_of_pages(tree, tmp_path):
    def cost(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            export_content(tmp_path / name)
        return len(queries)

    make_article(tree)
    few = cost("weinig")
    for _ in range(20):
        make_article(tree)

    assert cost("veel") == few


def test_pages_pass_by_in_chunks_and_none_is_kept(tree, tmp_path, monkeypatch):
    import gc
    import weakref

    from portal.content import exporting

    alive, most = weakref.WeakSet(), 0

    def seen(row):
        nonlocal most
        alive.add(row)
        most = max(most, len(alive))
        return current_state(row)

    for _ in range(12):
        make_article(tree)
    monkeypatch.setattr(exporting, "CHUNK", 3)
    monkeypatch.setattr(exporting, "current_state", lambda row: (gc.collect(), seen(row))[1])

    export_content(tmp_path / "inhoud")

    assert most <= 6


def test_a_new_kind_of_snippet_joins_by_naming_its_folder(tree, tmp_path, monkeypatch):
    from portal.content import schema

    monkeypatch.setattr(Role, "content_folder", "doelgroepen")
    schema.snippet_models.cache_clear()
    Role.objects.create(name="griffier", plural="griffiers", slug="griffier")
    try:
        export_content(tmp_path / "inhoud")
        Role.objects.all().delete()
        load_content(tmp_path / "inhoud")
    finally:
        monkeypatch.undo()
        schema.snippet_models.cache_clear()

    assert (tmp_path / "inhoud/doelgroepen/griffier.md").exists()
    assert Role.objects.get().plural == "griffiers"
