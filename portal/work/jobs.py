"""The jobs of the worker and how often each is due; an app adds its own with `register()` when it is ready."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from portal.models import Heartbeat
from portal.watching import tally
from portal.work.locks import only_one, only_one_here
from portal.work.publishing import expire_due, publish_due

logger = logging.getLogger(__name__)

WORKER = "worker"
JOBS = "jobs"  # under which runs are counted


@dataclass(frozen=True)
class Job:
    """A name, what it does, and how many seconds lie between two runs; once for all machines or on each of them."""

    name: str
    run: Callable[[], object]
    every: int
    on_each_machine: bool = False


_jobs: dict[str, Job] = {}


def register(name: str, run: Callable[[], object], every: int, *, on_each_machine: bool = False):
    """Add a job, or replace the one of that name."""
    _jobs[name] = Job(name, run, every, on_each_machine)


register("publish", publish_due, every=20)
register("expire", expire_due, every=20)


def work_once(last_run: dict[str, float], clock: Callable[[], float] = time.monotonic):
    """Run every job that is due; a job that fails is logged and tried again at its next turn."""
    for job in list(_jobs.values()):
        if clock() - last_run.get(job.name, float("-inf")) < job.every:
            continue
        last_run[job.name] = clock()
        began, result = time.perf_counter(), "done"
        try:
            lock = only_one_here if job.on_each_machine else only_one
            with lock(job.name) as is_mine:
                if is_mine:
                    job.run()
        except Exception:
            result = "failed"
            logger.exception("The job %s failed; it is tried again in %s seconds", job.name, job.every)
        tally.jobs.add(JOBS, (job.name, result), [time.perf_counter() - began], (job.name,))
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beat_at": timezone.now()})
