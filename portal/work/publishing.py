"""Publishing and expiry at their time, each exactly once.

Wagtail's own command publishes twice when two of them run at once; here every revision is taken in a transaction of
its own, looked at again under a row lock, and published there.
"""

import logging

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


def publish_due() -> int:
    """Publish every revision whose moment has come; the number that this call published."""
    now = timezone.now()
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    return sum(_publish(pk, now) for pk in due.values_list("pk", flat=True))


def _publish(pk: int, now) -> bool:
    try:
        with transaction.atomic():
            revision = (
                Revision.objects.select_for_update().filter(pk=pk, approved_go_live_at__lte=now).first()
            )
            if revision is None:
                return False
            revision.publish(log_action="wagtail.publish.scheduled")
    except Exception:
        logger.exception("Revision %s could not be published; the next round tries again", pk)
        return False
    return True


def expire_due() -> int:
    """Take every live page offline whose time is over; the number that this call took offline."""
    now = timezone.now()
    due = Page.objects.live().filter(expire_at__lt=now).order_by("expire_at", "pk")
    return sum(_expire(pk, now) for pk in due.values_list("pk", flat=True))


def _expire(pk: int, now) -> bool:
    try:
        with transaction.atomic():
            page = Page.objects.select_for_update().live().filter(pk=pk, expire_at__lt=now).first()
            if page is None:
                return False
            page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    except Exception:
        logger.exception("Page %s could not be taken offline; the next round tries again", pk)
        return False
    return True
