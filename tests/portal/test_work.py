"""The worker: each moment is kept once, however many workers there are."""

import datetime
import threading

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail.signals import page_published

from portal.models import Heartbeat
from portal.work import jobs
from portal.work.locks import only_one
from portal.work.publishing import publish_due
from tests.factories import make_news

SOON = datetime.timedelta(hours=1)


def schedule(page):
    page.go_live_at = timezone.now() + SOON
    page.save_revision(approved_go_live_at=page.go_live_at)
    return page


def in_threads(count, function):
    """Run `function` in threads that start together; their results, errors raised."""
    barrier, results, errors = threading.Barrier(count), [], []

    def run():
        try:
            barrier.wait()
            results.append(function())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_publish_each_page_once(tree):
    pages = [schedule(make_news(tree, live=False)) for _ in range(3)]
    published = []
    receiver = lambda sender, instance, **kwargs: published.append(instance.pk)  # noqa: E731
    page_published.connect(receiver)

    try:
        with time_machine.travel(timezone.now() + 2 * SOON):
            counts = in_threads(2, publish_due)
    finally:
        page_published.disconnect(receiver)

    assert sum(counts) == 3
    assert sorted(published) == sorted(page.pk for page in pages)
    assert PageLogEntry.objects.filter(action="wagtail.publish.scheduled").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_held_by_one_process_at_a_time():
    with only_one("proef") as mine:
        others = in_threads(1, lambda: _try("proef"))
    after = in_threads(1, lambda: _try("proef"))

    assert (mine, others, after) == (True, [False], [True])


def _try(name):
    with only_one(name) as is_mine:
        return is_mine


def test_a_failing_page_does_not_stop_the_others(tree, monkeypatch):
    first, second = schedule(make_news(tree, live=False)), schedule(make_news(tree, live=False))
    from wagtail.models import Revision

    publish = Revision.publish

    def fail_for_first(self, **kwargs):
        if self.object_id == str(first.pk):
            raise RuntimeError("kapot")
        return publish(self, **kwargs)

    monkeypatch.setattr(Revision, "publish", fail_for_first)

    with time_machine.travel(timezone.now() + 2 * SOON):
        count = publish_due()

    assert count == 1

    second.refresh_from_db()
    assert second.live


def test_one_round_beats_and_does_what_is_due(tree):
    page = schedule(make_news(tree, live=False))

    with time_machine.travel(timezone.now() + 2 * SOON):
        call_command("work", once=True)

    page.refresh_from_db()
    assert page.live
    assert Heartbeat.objects.get(name=jobs.WORKER).beat_at > timezone.now()


def test_a_job_waits_for_its_turn(db, monkeypatch):
    runs = []
    monkeypatch.setattr(jobs, "_jobs", {"proef": jobs.Job("proef", lambda: runs.append(1), 60)})
    last_run, clock = {}, iter([0, 0, 30, 61, 61])

    for _ in range(3):
        jobs.work_once(last_run, clock=lambda: next(clock))

    assert len(runs) == 2
