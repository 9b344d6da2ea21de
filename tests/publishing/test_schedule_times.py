"""A time of publication means one moment in Amsterdam: what means none or two is refused, all others are kept.

BAR.md R12; `make prove-clock` shows the same with real workers and a clock that is moved.
"""

import datetime

import pytest
import time_machine
from wagtail.models import PageLogEntry

from news.models import NewsPage
from portal.work.publishing import publish_due
from tests.publishing.forms import form_of

#: What an editor types, and the moment it means.
VALID = (
    ("2026-10-25 01:59", "2026-10-24T23:59Z"),
    ("2026-10-25 03:00", "2026-10-25T02:00Z"),
    ("2026-12-31 23:59", "2026-12-31T22:59Z"),
    ("2027-01-01 00:00", "2026-12-31T23:00Z"),
    ("2027-03-28 01:59", "2027-03-28T00:59Z"),
    ("2027-03-28 03:00", "2027-03-28T01:00Z"),
    ("2028-02-29 00:00", "2028-02-28T23:00Z"),
)
TWICE, NEVER = "2026-10-25 02:30", "2027-03-28 02:30"


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.mark.parametrize("field", ["go_live_at", "expire_at"])
@pytest.mark.parametrize("typed", [TWICE, NEVER])
def test_a_time_that_comes_twice_or_never_is_refused_in_dutch(editor, tree, typed, field):
    answer = editor.post(f"/beheer/pages/add/news/newspage/{tree.news.pk}/", form_of(**{field: typed}))

    assert "kon niet worden geïnterpreteerd in tijdzone Europe/Amsterdam" in answer.text
    assert NewsPage.objects.count() == 0


@pytest.mark.parametrize(("typed", "moment"), VALID)
def test_a_time_near_a_turn_of_the_clock_is_kept_to_the_second(editor, tree, typed, moment):
    moment = datetime.datetime.fromisoformat(moment)
    editor.post(f"/beheer/pages/add/news/newspage/{tree.news.pk}/", form_of(go_live_at=typed))

    counts = []
    for seconds in (-1, 0, 1):
        with time_machine.travel(moment + datetime.timedelta(seconds=seconds), tick=False):
            counts.append(publish_due())

    assert counts == [0, 1, 0]
    assert NewsPage.objects.get().live
    assert PageLogEntry.objects.filter(action="wagtail.publish.scheduled").count() == 1
