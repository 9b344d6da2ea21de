"""`make prove-clock`: schedules kept by real workers while their clock is moved (BAR.md R12).

Two `manage.py work` and a web server run on a clock of their own (libfaketime), which this program sets while they run,
as an administrator or NTP would; their pauses follow a clock that is never moved, as the system's own. An editor plans
through the admin's form; readers read over HTTP. Printed per line: what was seen. Needs Debian's package faketime.
"""

import contextlib
import datetime
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
import time_machine

# The site of this proof, before anything asks for its settings.
KEPT = tempfile.TemporaryDirectory()
FOLDER = Path(KEPT.name)
SITE = {"MODE": "demo", "DATA_DIR": str(FOLDER), "LOG_LEVEL": "ERROR", "METRICS_ADDRESS": "0"}
SITE["DATABASE_URL"] = f"sqlite:///{FOLDER}/site.sqlite3"  # never one that someone else uses
os.environ.update(SITE, DJANGO_SETTINGS_MODULE="portal.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import PageLogEntry  # noqa: E402

from news.models import NewsIndexPage, NewsPage  # noqa: E402
from tests.cache.servers import ROOT, fetch, gunicorn, stop  # noqa: E402
from tests.operate.proof import check, say  # noqa: E402
from tests.publishing.forms import form_of  # noqa: E402
from tests.publishing.test_schedule_times import NEVER, TWICE, VALID  # noqa: E402

#: libfaketime 0.9.10 refuses the call behind Python's sleep when that follows the clock that is never moved.
SLEEP = "import threading, time\ntime.sleep = lambda seconds: threading.Event().wait(seconds) and None\n"
LATEST = 60  # seconds after its moment that a page may appear
TWO_ROUNDS = 45  # seconds in which each worker has looked at least twice
BEFORE = 8  # seconds before the moment to which the clock is set
HOUR = datetime.timedelta(hours=1)


class Clock:
    """The clock of the workers and the web server, kept in a file that they read each time they look."""

    def __init__(self, folder: Path):
        self.file = folder / "clock"
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not found:
            sys.exit("libfaketime is not here (Debian: apt install faketime).")
        (folder / "python").mkdir()
        (folder / "python" / "sitecustomize.py").write_text(SLEEP)
        self.environment = {
            **{"LD_PRELOAD": str(found[-1]), "FAKETIME_TIMESTAMP_FILE": str(self.file)},
            **{
                "PYTHONPATH": str(folder / "python"),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "NO_FAKE_STAT": "1",
            },
        }

    def set(self, moment: datetime.datetime):
        self.ahead = moment.timestamp() - time.time()
        self._write()

    def move(self, by: datetime.timedelta):
        self.ahead += by.total_seconds()
        self._write()

    def _write(self):
        waiting = self.file.with_suffix(".new")
        waiting.write_text(f"{self.ahead:+.3f}")
        waiting.replace(self.file)

    def now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(time.time() + self.ahead, datetime.UTC)


class Schedule:
    """Pages planned by an editor, and what the workers did with them."""

    def __init__(self, clock: Clock, port: int):
        self.clock, self.port, self.index = clock, port, NewsIndexPage.objects.get()
        self.user = User.objects.create_superuser("planner")
        self.number, self.planned = 0, []

    def send(self, path: str, **fields) -> str:
        """An editor, who reads the same clock, sends this form; what the answer says."""
        with time_machine.travel(self.clock.now()):
            client = Client(SERVER_NAME="localhost")
            client.force_login(self.user, "django.contrib.auth.backends.ModelBackend")
            return client.post(path, form_of(**fields)).content.decode()

    def plan(self, what: str, **fields) -> str:
        """A new page that is planned; its slug."""
        self.number += 1
        slug = f"gepland-{self.number}"
        said = self.send(f"/beheer/pages/add/news/newspage/{self.index.pk}/", slug=slug, title=slug, **fields)
        if not self.page(slug):
            sys.exit(f"FAILED: the form refused {what}: {said[-400:]}")
        self.planned.append(slug)
        return slug

    def page(self, slug: str):
        return NewsPage.objects.filter(slug=slug).first()

    def is_read(self, slug: str) -> bool:
        return fetch(self.port, f"{self.index.url}{slug}/").code == 200

    def kept(self, slug: str, action: str) -> list[datetime.datetime]:
        """The moments at which a worker did this with the page, by the worker's clock."""
        done = PageLogEntry.objects.filter(page=self.page(slug).pk, action=f"wagtail.{action}.scheduled")
        return list(done.order_by("pk").values_list("timestamp", flat=True))

    def watch(self, slug: str, moment: datetime.datetime, action: str = "publish") -> float:
        """Set the clock shortly before the moment and see it kept; how many seconds late readers saw it."""
        self.clock.set(moment - datetime.timedelta(seconds=BEFORE))
        wanted = action == "publish"
        while True:
            is_read, now = self.is_read(slug), self.clock.now()
            if now < moment and is_read == wanted:
                sys.exit(f"FAILED: {slug} was early: {now} and not {moment}")
            late = (now - moment).total_seconds()
            if is_read == wanted:
                break
            if late > LATEST:
                sys.exit(f"FAILED: {slug} was not seen {late:.0f} s after {moment}")
            time.sleep(0.25)
        by_worker = (self.kept(slug, action)[0] - moment).total_seconds()
        if not 0 <= by_worker <= LATEST:
            sys.exit(f"FAILED: the worker did it {by_worker:.0f} s after {moment}")
        return late

    def counts(self) -> set[tuple[int, int]]:
        return {(len(self.kept(slug, "publish")), len(self.kept(slug, "unpublish"))) for slug in self.planned}


@contextlib.contextmanager
def workers(count: int, folder: Path, environment: dict[str, str]):
    with (folder / "work.log").open("ab") as log:
        running = [
            subprocess.Popen(
                [sys.executable, "manage.py", "work", "--pause", "1"],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
            )
            for _ in range(count)
        ]
    try:
        yield
    except SystemExit:
        say((folder / "work.log").read_text()[-2000:])
        raise
    else:
        if any(process.poll() is not None for process in running):
            sys.exit(f"FAILED: a worker ended: {(folder / 'work.log').read_text()[-2000:]}")
    finally:
        for process in running:
            stop(process)


def turns_of_the_clock(schedule: Schedule):
    """The two nights with another hour, the end of a year, and a day that most years have not."""
    add = f"/beheer/pages/add/news/newspage/{schedule.index.pk}/"
    for typed, how_often in ((TWICE, "twice"), (NEVER, "never")):
        said = schedule.send(add, slug="geweigerd", go_live_at=typed)
        is_refused = "kon niet worden geïnterpreteerd in tijdzone Europe/Amsterdam" in said
        check(is_refused and not schedule.page("geweigerd"), f"{typed} comes {how_often}: refused in Dutch")
    latest = 0.0
    for typed, moment in VALID:
        moment = datetime.datetime.fromisoformat(moment)
        slug = schedule.plan(typed, go_live_at=typed)
        late = schedule.watch(slug, moment)
        latest = max(latest, late)
        say(f"ok: {typed} ({moment:%d-%m %H:%M} UTC): not early, and read {late:.0f} s later")
    time.sleep(TWO_ROUNDS)
    check(
        schedule.counts() == {(1, 0)}, f"{len(VALID)} pages published once each, at most {latest:.0f} s late"
    )


def set_back(schedule: Schedule):
    """The clock goes back an hour after a page came and another one went."""
    clock, start = schedule.clock, schedule.clock.now().replace(second=0, microsecond=0) + HOUR
    came = schedule.plan("a page that comes", go_live_at=local(start))
    schedule.watch(came, start)
    gone = schedule.plan("a page that goes", expire_at=local(start + HOUR))
    schedule.planned.remove(gone)
    schedule.watch(gone, start + HOUR, "unpublish")
    for word, by in (("back", -HOUR), ("right again", HOUR)):
        clock.move(by)
        page = schedule.page(came)
        schedule.send(f"/beheer/pages/{page.pk}/edit/", slug=came, title=f"De klok is {word}")
        is_seen = f"De klok is {word}" in fetch(schedule.port, f"{schedule.index.url}{came}/").text
        check(is_seen, f"the clock is set {word}: an edit is read at once")
        time.sleep(TWO_ROUNDS)
        check(schedule.is_read(came) and not schedule.is_read(gone), "what came is there, what went is gone")
        check(
            (len(schedule.kept(came, "publish")), len(schedule.kept(gone, "unpublish"))) == (1, 1),
            "nothing was published or taken offline twice",
        )


def ahead(schedule: Schedule):
    """The clock is an hour ahead for a while, and is then put right."""
    clock, start = schedule.clock, schedule.clock.now().replace(second=0, microsecond=0) + HOUR
    half, more = start + HOUR / 2, start + HOUR * 1.5
    clock.set(start)
    within, beyond = (schedule.plan("a page", go_live_at=local(moment)) for moment in (half, more))
    clock.move(HOUR)
    time.sleep(TWO_ROUNDS)
    check(schedule.is_read(within), "the clock is an hour ahead: what is due by it comes, too early")
    clock.set(start + datetime.timedelta(minutes=2))
    later = schedule.plan("a page", go_live_at=local(half))
    time.sleep(TWO_ROUNDS)
    check(not schedule.is_read(later) and not schedule.is_read(beyond), "put right: nothing more comes early")
    check(schedule.is_read(within), "what came too early stays")
    seen = [schedule.watch(later, half), schedule.watch(beyond, more)]
    time.sleep(TWO_ROUNDS)
    check(schedule.counts() == {(1, 0)}, f"and all come once, {max(seen):.0f} s late at most")


def local(moment: datetime.datetime) -> str:
    """The moment as an editor types it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def main():
    call_command("setup_site", no_user=True, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    clock = Clock(FOLDER)
    clock.set(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC))
    moved = {**SITE, **clock.environment}
    with gunicorn(FOLDER, workers=2, **moved) as (port, _), workers(2, FOLDER, moved):
        schedule = Schedule(clock, port)
        turns_of_the_clock(schedule)
        set_back(schedule)
        ahead(schedule)
    say("every schedule was kept, once and on time")


if __name__ == "__main__":
    main()
