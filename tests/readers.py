"""Visitors who read on while something is done to the portal: how long each read took, and what failed them."""

import http.client
import random
import threading
import time
from collections.abc import Callable

SLOW = 2.0  # seconds after which a read counts as slow


class Readers:
    """`with Readers(ask, addresses) as readers:`; `ask` reads an address and gives the status of the answer.

    `pause` is what each of them waits between two reads, in seconds.
    """

    def __init__(self, ask: Callable[[str], int], addresses: list[str], count: int = 4, pause: float = 0.05):
        self.ask, self.addresses, self.pause = ask, addresses, pause
        self.took: list[float] = []
        self.failed: list[tuple[str, object]] = []
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(number,), daemon=True) for number in range(count)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int):
        dice = random.Random(number)
        while not self._is_over.wait(self.pause * dice.uniform(0.8, 1.2)):
            address, began = dice.choice(self.addresses), time.monotonic()
            try:
                status = self.ask(address)
                if status != 200:
                    self.failed.append((address, status))
            except (OSError, http.client.HTTPException) as error:
                self.failed.append((address, repr(error)))
            self.took.append(time.monotonic() - began)

    @property
    def reads(self) -> int:
        return len(self.took)

    @property
    def slow(self) -> int:
        return sum(seconds > SLOW for seconds in self.took)

    @property
    def longest(self) -> float:
        return max(self.took, default=0.0)

    @property
    def p95(self) -> float:
        """Milliseconds within which nearly all reads were answered."""
        return sorted(self.took)[int(len(self.took) * 0.95)] * 1000
