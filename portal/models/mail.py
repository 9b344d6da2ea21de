"""Mail that waits for the worker (portal.mail)."""

from django.db import models
from django.utils import timezone


class QueuedMail(models.Model):
    """One mail to one address, whole; the row goes once a mail server has taken it."""

    # It may hold the link of a new password, and a restored backup must not send it again: no backup holds it.
    is_derived = True

    made_at = models.DateTimeField(default=timezone.now)
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    content = models.BinaryField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "mail die wacht"
        verbose_name_plural = "mails die wachten"

    def __str__(self):
        return f"mail {self.pk} van {self.made_at:%Y-%m-%d %H:%M}"
