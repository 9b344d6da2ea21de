"""The way in: whoever sends mail leaves it in the database, so no editor waits for a mail server or is failed by one.

The rows are written in the transaction of the change that they tell of: mail goes out for what was really done.
"""

from email.policy import SMTP

from django.core.mail.backends.base import BaseEmailBackend

from portal.models import QueuedMail


class EmailBackend(BaseEmailBackend):
    """The mailer `default`; portal.mail.delivery sends by the mailer `outgoing`."""

    def send_messages(self, email_messages) -> int:
        """Keep these mails, a row for each recipient; how many of them have someone to go to."""
        to_someone = [message for message in email_messages if message.recipients()]
        QueuedMail.objects.bulk_create(
            QueuedMail(sender=message.from_email, recipient=recipient, content=content)
            for message in to_someone
            for content in [message.message(policy=SMTP).as_bytes()]
            for recipient in message.recipients()
        )
        return len(to_someone)
