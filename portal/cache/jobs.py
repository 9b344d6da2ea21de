"""The cache's part of the worker: time that passes, changes that were left half-way, and warm copies."""

from functools import cache

from django.conf import settings

from portal import generation
from portal.work.jobs import register

A_WHILE = 1.5  # seconds of each round of the worker that may go to warming


@cache
def _warmer():
    from portal.cache.warming import Warmer

    return Warmer()


def warm_a_while():
    """Go on with warming; at a new generation sweep first."""
    if not settings.PAGE_CACHE:
        return
    warmer = _warmer()
    if warmer.begin():
        warmer.sweep()
    warmer.work(A_WHILE)


def close_fresh():
    """What nginx serves of the generation before is closed with it, whichever process raised it."""
    from portal.cache.store import Store

    Store(settings.DATA_DIR / "pages").close_fresh()


def remove_stale():
    """Needs no database: also while that is away no copy gets older than a day."""
    from portal.cache.store import Store

    Store(settings.DATA_DIR / "pages").remove_stale()


def tell_downstream():
    from portal.cache.downstream import purge

    purge()


def raise_when_passed():
    from portal.cache.moments import raise_when_passed

    raise_when_passed()


def connect():
    """Called once, when the app is ready."""
    from portal.cache import shared

    generation.on_raise(close_fresh)
    if settings.CACHE_URL:
        generation.on_raise(shared.announce)
    register("moments", raise_when_passed, every=5)
    register("recover", generation.recover, every=30, on_each_machine=True)
    register("warm", warm_a_while, every=5, on_each_machine=True)
    register("stale", remove_stale, every=600, on_each_machine=True)
    register("downstream", tell_downstream, every=5, on_each_machine=True)
