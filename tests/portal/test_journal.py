"""What changed from one generation to another is known to the page, or it is anything."""

import contextlib
import errno
import os
import threading

import pytest
from django.db import transaction

from portal import generation, journal


@pytest.fixture
def file():
    return generation._path.with_name("generation.changes")


def raised(*pages) -> int:
    generation.raise_now(*pages)
    return generation.current()


def test_nothing_is_known_of_what_came_before_the_first_number():
    assert generation.current() == 0

    assert generation.pages_changed(0, raised([5])) is None


def test_changes_add_up_from_one_generation_to_a_later_one():
    first = raised()
    second, third, fourth = raised([5]), raised([7, 5]), raised(())

    assert generation.pages_changed(first, fourth) == {5, 7}
    assert generation.pages_changed(second, third) == {5, 7}
    assert generation.pages_changed(third, fourth) == generation.pages_changed(fourth, fourth) == set()


def test_a_generation_that_may_have_changed_anything_is_no_link():
    first = raised([5])
    between = raised()
    last = raised([7])

    assert generation.pages_changed(first, last) is None
    assert generation.pages_changed(first, between) is None
    assert generation.pages_changed(between, last) == {7}


def test_what_never_was_and_what_runs_backwards_is_anything():
    first, second = raised([1]), raised([2])

    assert generation.pages_changed(second, first) is None
    assert generation.pages_changed(first - 1, second) is None
    assert generation.pages_changed(first, second + 1) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-3]),
        lambda file: file.write_bytes(b"\xff\x00" * 40),
        lambda file: file.write_text(file.read_text().replace(" 7;", " 7.7;")),
        lambda file: file.write_text(file.read_text().replace("\n", "")),
        lambda file: file.write_text(
            file.read_text().replace(";", ".")
        ),  # as releases before 1.1.7 wrote them
    ],
)
def test_a_file_that_was_harmed_is_anything_and_the_next_change_is_known_again(file, harm):
    before, after = raised([5]), raised([7])
    harm(file)

    assert generation.pages_changed(before, after) is None
    assert generation.pages_changed(after, raised([9])) == {9}


def test_what_was_written_down_and_not_done_has_no_part(file):
    before = raised([5])
    journal.note(generation._path, before, before + 10, [6])  # and there the process died
    after = raised([7])

    assert generation.pages_changed(before, after) == {7}


def test_a_disk_that_is_full_leaves_the_number_right(file, monkeypatch):
    before = raised([5])

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "note", full)
        after = raised([7])

    assert after > before
    assert generation.pages_changed(before, after) is None


def test_a_change_that_could_not_be_told_makes_the_next_one_of_anything(monkeypatch):
    before = raised([5])

    def locked(*arguments):
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(generation, "_write", locked)
        assert raised([6]) == before
    told = raised([7])

    assert generation.pages_changed(before, told) is None
    assert generation.pages_changed(told, raised([8])) == {8}


def test_a_change_of_very_many_pages_is_of_any():
    before = raised([5])
    after = raised(range(1, journal.MOST + 2))

    assert generation.pages_changed(before, after) is None


def test_where_other_machines_change_things_too_it_may_always_be_anything(settings):
    before = raised([5])
    settings.CACHE_URL = "redis://127.0.0.1:1/0"

    assert generation.pages_changed(before, raised([6])) is None


@pytest.fixture
def note():
    return generation._path.parent / "generation.pending" / f"{os.getpid()}-{threading.get_ident()}"


@pytest.fixture
def told(monkeypatch):
    """What was told, one for each generation."""
    raise_now, done = generation.raise_now, []
    monkeypatch.setattr(generation, "raise_now", lambda pages=None: done.append(pages) or raise_now(pages))
    return done


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_told_at_once_and_whole(told, note):
    with transaction.atomic():
        generation.raise_on_commit([1])
        with transaction.atomic():
            generation.raise_on_commit([2, 3])
        generation.raise_on_commit([1])
        assert note.exists()
    with transaction.atomic():
        generation.raise_on_commit([4])
        generation.raise_on_commit()
    generation.raise_on_commit([5])

    assert told == [{1, 2, 3}, None, {5}]
    assert not note.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_takes_nothing_of_the_rest_along(told):
    with transaction.atomic():
        with contextlib.suppress(KeyError), transaction.atomic():
            generation.raise_on_commit([1])
            raise KeyError
        generation.raise_on_commit([2])

    assert told == [None]  # the note of what was taken back is there, so nobody knows


@pytest.mark.django_db(transaction=True)
def test_after_a_transaction_of_which_the_end_is_not_known_it_may_be_anything(told, note):
    with contextlib.suppress(KeyError), transaction.atomic():
        generation.raise_on_commit([1])
        raise KeyError
    assert note.exists()
    for page in (2, 3):
        with transaction.atomic():
            generation.raise_on_commit([page])

    assert told == [None, {3}]


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_told_is_left_for_the_worker(note, monkeypatch):
    def locked(*arguments):
        raise OSError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(generation, "_write", locked)
        with transaction.atomic():
            generation.raise_on_commit([1])

    assert note.exists()


def test_the_file_stays_small(file, monkeypatch):
    monkeypatch.setattr(journal, "LONGEST", 500)
    before = raised([1])

    for _ in range(100):
        last, before = before, raised(range(10))
        assert generation.pages_changed(last, before) in (set(range(10)), None)

    assert file.stat().st_size < 700


def test_many_who_change_at_once_leave_no_gap():
    before = raised([0])
    threads = [
        threading.Thread(target=lambda n=n: [generation.raise_now([n]) for _ in range(20)])
        for n in range(1, 7)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert generation.pages_changed(before, generation.current()) == set(range(1, 7))
    assert os.path.getsize(generation._path) == 8
