"""What Prometheus reads, on a private address of the worker: the counts of every process, and how the portal is now.

The worker answers, so that it says how the web server is when that hangs; when the worker is gone, Prometheus sees
that by itself (`up`). nginx never leads here. docs/operate/ has the dashboard and the alerts that go with it.
"""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from wagtail.models import Page, Revision

from portal import generation, spool
from portal.models import Heartbeat, QueuedMail
from portal.operate.rotation import backups
from portal.operate.trial import last_test_restore
from portal.watching import tally
from portal.watching.requests import REQUESTS
from portal.work.jobs import JOBS, WORKER

logger = logging.getLogger(__name__)


def _requests(counts: dict) -> Iterator[Metric]:
    family = CounterMetricFamily(
        "portaal_requests",
        "Answers of the web server; cache is hit, miss, stale (older than it should be) or none",
        labels=["template", "status", "cache"],
    )
    for (name, labels), value in sorted(counts.items()):
        if name == REQUESTS:
            family.add_metric(labels, value)
    yield family


def _seconds(times: dict) -> Iterator[Metric]:
    families = {
        REQUESTS: HistogramMetricFamily(
            "portaal_request_seconds", "Seconds until an answer was ready", labels=["template"]
        ),
        JOBS: HistogramMetricFamily(
            "portaal_job_seconds", "Seconds that a job of the worker took", labels=["job"]
        ),
    }
    for (name, labels), (*classes, total) in sorted(times.items()):
        if name in families:
            buckets, so_far = [], 0
            for bound, value in zip((*map(str, map(float, tally.BOUNDS)), "+Inf"), classes, strict=True):
                so_far += value
                buckets.append((bound, so_far))
            families[name].add_metric(labels, buckets, total)
    yield from families.values()


def _jobs(counts: dict) -> Iterator[Metric]:
    family = CounterMetricFamily(
        "portaal_jobs", "Runs of the worker's jobs; result is done or failed", labels=["job", "result"]
    )
    for (name, labels), value in sorted(counts.items()):
        if name == JOBS:
            family.add_metric(labels, value)
    yield family


def _gauge(name: str, about: str, value: float | None) -> Iterator[Metric]:
    """A number, or nothing when there is none."""
    if value is not None:
        yield GaugeMetricFamily(name, about, value=value)


def _queue() -> Iterator[Metric]:
    """What waits for the worker; it asks the database."""
    now = timezone.now()
    family = GaugeMetricFamily("portaal_queue", "What is due and waits for the worker", labels=["queue"])
    family.add_metric(["publish"], Revision.objects.filter(approved_go_live_at__lte=now).count())
    family.add_metric(["expire"], Page.objects.live().filter(expire_at__lt=now).count())
    family.add_metric(["mail"], QueuedMail.objects.count())
    family.add_metric(["notes_bytes"], spool.waiting())
    yield family
    beat = Heartbeat.objects.filter(name=WORKER).values_list("beat_at", flat=True).first()
    about = "When the worker last finished a round"
    yield from _gauge("portaal_worker_beat_timestamp_seconds", about, beat and beat.timestamp())


def _backup() -> Iterator[Metric]:
    newest = next(iter(backups(Path(settings.BACKUP_DIR))), None) if settings.BACKUP_DIR else None
    made = newest and timezone.make_aware(newest).timestamp()
    yield from _gauge("portaal_backup_timestamp_seconds", "When the newest backup was begun", made)
    tested = last_test_restore()
    about = "When a backup was last restored as a test"
    yield from _gauge("portaal_backup_tested_timestamp_seconds", about, tested and tested.timestamp())


class Collector:
    """Reads everything anew at each scrape."""

    def collect(self) -> Iterator[Metric]:
        counts, times = tally.read()
        yield from _requests(counts)
        yield from _seconds(times)
        yield from _jobs(counts)
        yield from _gauge(
            "portaal_web_processes", "Processes of the web server that are there", tally.alive("web")
        )
        yield from _gauge(
            "portaal_change_timestamp_seconds",
            "When something that readers see last changed",
            generation.current() / 1e9,
        )
        yield from _backup()
        has_answered = 0
        with contextlib.suppress(Exception):
            yield from _queue()
            has_answered = 1
        close_old_connections()
        yield from _gauge("portaal_database_up", "1 when the database answers", has_answered)


def registry() -> CollectorRegistry:
    known = CollectorRegistry()
    known.register(Collector())
    return known


def serve():
    """Answer Prometheus on METRICS_ADDRESS, in a thread of this process; 0 for not at all."""
    if settings.METRICS_ADDRESS == "0":
        return
    host, _, port = settings.METRICS_ADDRESS.rpartition(":")
    try:
        start_http_server(int(port), host.strip("[]"), registry())
    except (OSError, ValueError) as error:
        logger.error("Nothing answers Prometheus on METRICS_ADDRESS=%s: %s", settings.METRICS_ADDRESS, error)
