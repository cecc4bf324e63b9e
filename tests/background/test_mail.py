"""Mail waits in the queue: for the transaction that asks for it, and for a mail server that is down."""

from __future__ import annotations

import socket
from datetime import timedelta
from email.mime.text import MIMEText
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cms.background import tasks
from cms.background.models import Letter, WorkerProcess
from tests.background.effects import only, work
from tests.background.smtp import MailServer, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("queue")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def write() -> None:
    letter = EmailMultiAlternatives(
        "Отчёт ждёт вас",
        "Здравствуйте!\n.\nЭто всё.",
        "site@example.org",
        ["aigul@example.org"],
        cc=["copy@example.org"],
        reply_to=["desk@example.org"],
        headers={"X-Kind": "review"},
    )
    letter.attach_alternative("<p>Здравствуйте!</p>", "text/html")
    letter.attach("figures.csv", "year,value\n2024,1\n", "text/csv")
    letter.attach("mark.png", b"\x89PNG\r\n", "image/png")
    letter.send()


def test_a_mail_arrives_as_it_was_written(server: MailServer) -> None:
    write()
    assert server.letters == []
    work()
    (letter,) = server.letters
    assert letter["Subject"] == "Отчёт ждёт вас"
    assert (letter["To"], letter["Cc"], letter["Reply-To"]) == (
        "aigul@example.org",
        "copy@example.org",
        "desk@example.org",
    )
    assert letter["X-Kind"] == "review"
    plain, html = letter.get_body(["plain"]), letter.get_body(["html"])
    assert plain
    assert html
    assert plain.get_content().splitlines() == ["Здравствуйте!", ".", "Это всё."]
    assert html.get_content().strip() == "<p>Здравствуйте!</p>"
    files: dict[str | None, Any] = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert files["mark.png"] == b"\x89PNG\r\n"
    assert files["figures.csv"].splitlines() == ["year,value", "2024,1"]


def test_once_it_is_sent_the_site_forgets_what_it_said(server: MailServer) -> None:
    write()
    assert Letter.objects.get().content
    work()
    letter = Letter.objects.get()
    assert letter.content is None
    assert letter.sent_at


def test_a_mail_of_a_transaction_that_fails_is_never_sent(server: MailServer) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert work() == 0
    assert not Letter.objects.exists()


def test_a_mail_server_that_is_down_delays_mail_and_loses_none(server: MailServer, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    settings.EMAIL_PORT = free
    for _number in range(3):
        write()
    assert work() == 3
    assert {row.status for row in DBTaskResult.objects.all()} == {"READY"}
    assert work() == 0, "there is a pause before the next attempt"
    settings.EMAIL_PORT = server.port
    DBTaskResult.objects.update(run_after=timezone.now())
    assert work() == 3
    assert len({letter["Message-ID"] for letter in server.letters}) == 3


def test_a_mail_server_is_tried_for_two_days() -> None:
    total, task = 0.0, tasks.send_letter
    for attempt in range(1, task.max_attempts):
        total += min(task.pause * 2 ** (attempt - 1), 3600)
    assert timedelta(seconds=total) > timedelta(days=2)


def test_a_mail_that_is_sent_again_has_the_same_number(server: MailServer) -> None:
    write()
    content = Letter.objects.get().content
    work()
    Letter.objects.update(sent_at=None, content=content)
    tasks.send_letter.func(Letter.objects.get().pk)
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(("answer", "state"), [("550 nobody of that name", "FAILED"), ("450 mailbox is busy", "READY")])
def test_a_recipient_whom_the_server_does_not_know_is_given_up(server: MailServer, answer: str, state: str) -> None:
    server.refusal = answer
    EmailMessage("Hello", "Text", to=["nobody@example.org"]).send()
    work()
    assert only().status == state
    assert Letter.objects.get().content, "an operator can have it tried again"


def test_a_mail_that_was_sent_or_is_gone_is_not_sent_again(server: MailServer) -> None:
    write()
    work()
    tasks.send_letter.func(Letter.objects.get().pk)
    tasks.send_letter.func(10**9)
    assert len(server.letters) == 1


def test_mail_without_recipients_is_no_mail() -> None:
    assert EmailMessage("Hello", "Text").send() == 0
    assert not Letter.objects.exists()


def test_an_attachment_without_a_name_is_refused_where_it_is_written() -> None:
    letter = EmailMessage("Hello", "Text", to=["a@example.org"])
    letter.attach(MIMEText("x"))
    with pytest.raises(TypeError, match="by their name"):
        letter.send()


def test_old_records_are_thrown_away_and_what_waits_stays(server: MailServer) -> None:
    write()
    work()
    write()
    EmailMessage("Hello", "Text", to=["nobody@example.org"]).send()
    old = timezone.now() - timedelta(days=31)
    Letter.objects.filter(sent_at__isnull=False).update(sent_at=old)
    DBTaskResult.objects.filter(status="SUCCESSFUL").update(finished_at=old)
    WorkerProcess.objects.create(pk="old", host="here", pid=1, started_at=old, seen_at=old)
    tasks.prune.func()
    assert Letter.objects.filter(sent_at=None).count() == Letter.objects.count() == 2
    assert DBTaskResult.objects.filter(status="READY").count() == DBTaskResult.objects.count() == 2
    assert not WorkerProcess.objects.exists()


def test_the_transport_of_tests_is_the_memory_of_the_process() -> None:
    write()
    work()
    assert [letter.subject for letter in mail.outbox] == ["Отчёт ждёт вас"]


@pytest.mark.parametrize("answer", ["550 no such user", "450 mailbox is busy"])
def test_no_record_of_a_failure_has_an_address(
    server: MailServer, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    server.refusal = f"{answer}: somebody@example.org"
    EmailMessage("Hello", "Text", to=["somebody@example.org"]).send()
    work()
    assert only().traceback
    assert "somebody@example.org" not in caplog.text + only().traceback
