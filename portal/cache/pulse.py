"""Whether the database answers: asked when something takes long, then again and again until it does."""

import logging
import threading
import time

from django.db import connections

logger = logging.getLogger(__name__)

BETWEEN = 0.5  # seconds between two looks while the database is away


def ask_database() -> bool:
    """Whether a connection of its own, outside the pool, gets an answer."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return True
    database = connection.Database
    parameters = {**connection.get_connection_params(), "autocommit": True, "connect_timeout": 2}
    try:
        with database.connect(**parameters) as own:
            own.execute("SELECT 1")
    except database.Error:
        return False
    return True


class Pulse:
    """A short circuit-breaker: while the database is down nobody waits for it."""

    def __init__(self, ask=ask_database):
        self.ask = ask
        self.is_down = False
        self._is_watching = False
        self._lock = threading.Lock()
        self._answered = threading.Event()

    def check(self, patience: float) -> bool:
        """Ask the database and wait at most `patience` seconds for it; True when it is down."""
        with self._lock:
            if not self._is_watching:
                self._is_watching = True
                self._answered.clear()
                threading.Thread(target=self._watch, name="pulse", daemon=True).start()
        if not self._answered.wait(patience):
            with self._lock:
                if self._is_watching and not self._answered.is_set():
                    self._set(True)
        return self.is_down

    def _watch(self):
        """Ends when the database has answered."""
        while True:
            try:
                answers = self.ask()
            except Exception:  # a fault of the question says nothing of the database
                logger.exception("The database could not be asked")
                answers = True
            with self._lock:
                self._set(not answers)
                self._answered.set()
                if answers:
                    self._is_watching = False
                    return
            time.sleep(BETWEEN)

    def _set(self, is_down: bool):
        if is_down != self.is_down:
            logger.warning("The database %s", "does not answer" if is_down else "answers again")
        self.is_down = is_down
