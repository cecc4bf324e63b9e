"""Work that belongs to no domain: sending mail, and throwing away what is done and old."""

from __future__ import annotations

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cms.background.backends import background_task
from cms.background.errors import MailDelayedError, UnrecoverableError
from cms.background.models import Letter, WorkerProcess

FIRST_PERMANENT_CODE = 500
# What is done is kept for a day only: the arguments may be somebody's words.
KEPT_DONE, KEPT_FAILED, KEPT_SENT = timedelta(days=1), timedelta(days=90), timedelta(days=30)


# Two days and a half: as long as mail servers themselves wait for each other.
@background_task(_("Send a mail"), max_attempts=66, pause=15, atomic=False)
def send_letter(pk: int) -> None:
    """Hand a mail to the mail server. Once it is sent, its content is gone.

    What a server answers may hold an address: neither the log nor the record of a failure has more than its code.

    A worker that is killed right after the mail server took it makes it go twice, with the same number.
    """
    from cms.background.mail import unpacked

    letter = Letter.objects.filter(pk=pk, sent_at=None).first()
    if letter is None or letter.content is None:
        return
    connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        unpacked(letter.content, connection).send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = sorted({code for code, _text in refusal.recipients.values()})
        if codes[0] >= FIRST_PERMANENT_CODE:
            raise UnrecoverableError("The mail server knows none of the recipients.") from None
        raise MailDelayedError(f"The mail server refuses the recipients: {codes}.") from None
    except smtplib.SMTPResponseException as answer:
        raise MailDelayedError(f"The mail server answers {answer.smtp_code}.") from None
    Letter.objects.filter(pk=pk).update(sent_at=timezone.now(), content=None)


@background_task(_("Throw away old records of work"))
def prune() -> None:
    now = timezone.now()
    done = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEPT_DONE)
    given_up = Q(status=TaskResultStatus.FAILED, finished_at__lt=now - KEPT_FAILED)
    DBTaskResult.objects.filter(done | given_up).delete()
    Letter.objects.filter(Q(sent_at__lt=now - KEPT_SENT) | Q(created_at__lt=now - KEPT_FAILED)).delete()
    WorkerProcess.objects.filter(seen_at__lt=now - KEPT_DONE).delete()
