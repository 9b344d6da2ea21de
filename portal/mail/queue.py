"""The way in: whoever sends mail leaves it in the database, so no editor waits for a mail server or is failed by one.

The rows are written in the transaction of the change that they tell of: mail goes out for what was really done, once.
"""

from django.core.mail.backends.base import BaseEmailBackend

from portal.models import QueuedMail


class EmailBackend(BaseEmailBackend):
    """The mailer `default`; portal.mail.delivery sends by the mailer `outgoing`."""

    def send_messages(self, email_messages) -> int:
        """Keep these mails; how many of them have someone to go to."""
        mails = [
            QueuedMail(sender=message.from_email, recipients=recipients, content=message.message().as_bytes())
            for message in email_messages
            if (recipients := message.recipients())
        ]
        QueuedMail.objects.bulk_create(mails)
        return len(mails)
