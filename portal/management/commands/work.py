import logging
import signal
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from portal.operate import metrics
from portal.work.jobs import work_once

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do everything periodic (publishing, expiry, upkeep) until stopped; run one beside the web server."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="one round, then stop (for a timer)")
        parser.add_argument("--pause", type=float, default=5, help="seconds between two looks (default 5)")

    def handle(self, *, once, pause, **options):
        self.is_stopping = False
        if not once:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, self.stop)
            metrics.serve()
        last_run: dict[str, float] = {}
        while not self.is_stopping:
            try:
                work_once(last_run)
            except Exception:
                if once:
                    raise
                logger.exception("This round failed; the next one is in %s seconds", pause)
            if once:
                return
            close_old_connections()
            waited = 0.0
            while waited < pause and not self.is_stopping:
                time.sleep(min(0.5, pause))
                waited += 0.5

    def stop(self, *args):
        """Finish the job at hand, then end."""
        self.is_stopping = True
