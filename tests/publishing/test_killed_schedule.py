"""The scheduler is killed half-way, and the next round does the rest, each page exactly once (BAR.md R11)."""

import os
import signal
import sys
import traceback

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail.signals import page_published

from news.models import NewsPage
from portal.work.publishing import publish_due
from tests.cache.killed import forget_database
from tests.factories import make_news
from tests.portal.test_work import SOON, schedule

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]


def killed_at(number: int):
    """Another process publishes what is due, and is killed in the midst of publishing this one of them."""
    forget_database()
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            published = []

            def stop_here(instance, **kwargs):
                published.append(instance.pk)
                if len(published) == number:
                    os.write(write_end, b"x")
                    signal.pause()

            page_published.connect(stop_here)
            publish_due()
            print(f"Only {published} were published.", file=sys.stderr, flush=True)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(write_end)
    said = os.read(read_end, 1)
    os.close(read_end)
    os.kill(child, signal.SIGKILL)
    assert (said, os.waitpid(child, 0)[1]) == (b"x", signal.SIGKILL)


@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_killed_scheduler_leaves_whole_pages_and_one_round_does_the_rest_once(tree, number):
    pages = [schedule(make_news(tree, title="Oud", live=False)) for _ in range(4)]
    announced = []
    receiver = lambda instance, **kwargs: announced.append(instance.pk)  # noqa: E731

    with time_machine.travel(timezone.now() + 2 * SOON):
        killed_at(number)
        left = set(NewsPage.objects.filter(live=False).values_list("pk", flat=True))
        page_published.connect(receiver)
        try:
            call_command("work", once=True)
            call_command("work", once=True)
        finally:
            page_published.disconnect(receiver)

    assert left == {page.pk for page in pages[number - 1 :]}
    assert sorted(announced) == sorted(left)
    assert NewsPage.objects.live().count() == len(pages)
    logged = PageLogEntry.objects.filter(action="wagtail.publish.scheduled")
    assert sorted(logged.values_list("page_id", flat=True)) == [page.pk for page in pages]
