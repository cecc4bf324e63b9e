"""All mail of the site goes through a queue: a request waits for no mail server, and none that is down loses a mail."""

from __future__ import annotations

import base64
from email.utils import make_msgid
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.db import transaction

from cms.background.models import Letter
from cms.background.tasks import send_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class QueueBackend(BaseEmailBackend):
    """Django's mail backend of the site. A mail that belongs to a transaction is sent only if that is committed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        messages = [message for message in email_messages if message.recipients()]
        with transaction.atomic():
            for message in messages:
                send_letter.enqueue(Letter.objects.create(content=packed(message)).pk)
        return len(messages)


def packed(message: EmailMessage) -> dict[str, Any]:
    """A message as JSON. It gets its number now, so that a mail that is sent twice is known to be the same.

    Raises `TypeError` for attachments that are MIME objects: give names, contents and types instead.
    """
    attachments = []
    for attachment in message.attachments:
        if not isinstance(attachment, tuple):
            raise TypeError("Attach files by their name, content and type.")
        name, content, kind = attachment
        data = content.encode() if isinstance(content, str) else content
        attachments.append([name, base64.b64encode(data).decode(), kind])
    headers = {"Message-ID": make_msgid(domain=str(DNS_NAME)), **message.extra_headers}
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "headers": {name: str(value) for name, value in headers.items()},
        "alternatives": [[str(part[0]), part[1]] for part in getattr(message, "alternatives", [])],
        "attachments": attachments,
    }


def unpacked(content: dict[str, Any], connection: Any) -> EmailMultiAlternatives:
    attachments = [(name, base64.b64decode(data), kind) for name, data, kind in content["attachments"]]
    facts = content | {"attachments": attachments, "alternatives": [tuple(part) for part in content["alternatives"]]}
    return EmailMultiAlternatives(**facts, connection=connection)
