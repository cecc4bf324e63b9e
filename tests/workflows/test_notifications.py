"""Who is told what, how often, in which language; and how a reader of mail has no more of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from cms.users.choices import Role
from cms.workflows import notifications, tasks
from cms.workflows.choices import Frequency, Kind
from cms.workflows.models import Notification, ReviewState, Subscription
from cms.workflows.notifications import frequencies, notify, subscribe, token
from cms.workflows.viewsets import SubscriptionsForm
from tests.users.people import make
from tests.workflows.people import PEOPLE, act, person, submit, write

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(staffed: dict[str, Any]) -> Any:
    return submit(write(staffed["practice"], "editor", title="Two windows"), "editor")


def told() -> list[str]:
    return sorted(f"{letter.to[0].partition('@')[0]}: {letter.subject}" for letter in mail.outbox)


def overdue_for(**time: int) -> None:
    ReviewState.objects.update(due_at=timezone.now() - timedelta(**time))
    mail.outbox.clear()


def html(letter: Any) -> BeautifulSoup:
    return BeautifulSoup(str(letter.alternatives[0][0]), "html5lib")


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "The review is yours: Two windows"),
        ("ru", "Проверка поручена вам: Two windows"),
        ("kk", "Тексеру сізге жүктелді: Two windows"),
    ],
)
def test_everybody_reads_the_own_language(practice: Any, language: str, subject: str) -> None:
    UserProfile.objects.update_or_create(user=person("publisher"), defaults={"preferred_language": language})
    mail.outbox.clear()
    act(practice, "administrator", "assign", assignee=str(person("publisher").pk), due="")
    (letter,) = mail.outbox
    assert letter.subject == subject
    page = html(letter)
    assert page.html
    assert page.html["lang"] == language
    assert "Administrator" in letter.body
    links = {link["href"] for link in page.select("a")}
    assert f"http://testserver/admin/pages/{practice.pk}/edit/" in links
    assert "http://testserver/admin/account/" in links
    assert any(f"/{language}/notifications/stop/" in str(link) for link in links)
    assert all(str(link) in letter.body for link in links)


def test_text_of_others_is_shown_as_it_is(practice: Any) -> None:
    act(practice, "publisher", "reject", comment="Use <b> & 'quotes'\nand lines")
    letter = mail.outbox[-1]
    assert "Use <b> & 'quotes'\nand lines" in letter.body
    assert "Use <b> & 'quotes'" in html(letter).get_text()


def test_once_a_day_all_comes_in_one_mail(practice: Any) -> None:
    editor = person("editor")
    for kind in (Kind.APPROVED, Kind.CHANGES):
        subscribe(editor, kind, Frequency.DAILY)
    mail.outbox.clear()
    page = act(practice, "publisher", "reject", comment="Which year?")
    page.current_workflow_state.resume(editor)
    act(page, "publisher", "approve", comment="")
    assert not [letter for letter in mail.outbox if letter.to == [editor.email]]
    mail.outbox.clear()
    notifications.send_digests.func()
    (letter,) = mail.outbox
    assert letter.subject == "2 pieces of news about your pages"
    assert letter.body.index("Changes are asked for") < letter.body.index("Approved: Two windows")
    assert "Which year?" in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers
    notifications.send_digests.func()
    assert len(mail.outbox) == 1


def test_who_wants_nothing_is_told_nothing(practice: Any) -> None:
    subscribe(person("publisher"), Kind.OVERDUE, Frequency.NEVER)
    overdue_for(hours=1)
    tasks.remind.func()
    assert told() == [
        "administrator: The review is overdue: Two windows",
        "second-publisher: The review is overdue: Two windows",
    ]


def test_who_has_left_or_has_no_address_is_told_nothing(staffed: dict[str, Any]) -> None:
    editor, publisher = person("editor"), person("publisher")
    editor.is_active, publisher.email = False, ""
    notify([editor, publisher], Kind.REVIEW, staffed["practice"])
    assert mail.outbox == []
    assert not Notification.objects.exists()


def test_what_was_told_is_not_told_again(practice: Any) -> None:
    count = len(mail.outbox)
    for row in Notification.objects.all():
        notifications.tell.func(row.pk)
    notifications.tell.func(10**9)
    assert len(mail.outbox) == count


def test_reminders_come_once_a_day_and_administrators_are_told_once(practice: Any) -> None:
    tasks.remind.func()
    overdue_for(minutes=1)
    for _hour in range(3):
        tasks.remind.func()
    assert told() == [
        f"{name}: The review is overdue: Two windows" for name in ("administrator", "publisher", "second-publisher")
    ]
    ReviewState.objects.update(reminded_at=timezone.now() - timedelta(days=1))
    overdue_for(days=3)
    tasks.remind.func()
    tasks.remind.func()
    assert told() == [
        "administrator: The review has been overdue for long: Two windows",
        *(f"{name}: The review is overdue: Two windows" for name in ("administrator", "publisher", "second-publisher")),
    ]


def test_of_a_review_that_is_somebodys_only_that_person_is_reminded(practice: Any) -> None:
    act(practice, "publisher", "assign", assignee=str(person("second-publisher").pk), due="")
    overdue_for(minutes=1)
    tasks.remind.func()
    assert told() == ["second-publisher: The review is overdue: Two windows"]


def test_of_what_is_decided_nobody_is_reminded(practice: Any) -> None:
    act(practice, "publisher", "approve", comment="")
    overdue_for(days=30)
    tasks.remind.func()
    assert mail.outbox == []


def test_old_notifications_are_thrown_away(practice: Any) -> None:
    assert Notification.objects.count() == 3
    Notification.objects.filter(user=person("publisher")).update(created_at=timezone.now() - timedelta(days=91))
    tasks.forget_notifications.func()
    assert Notification.objects.count() == 2


def test_a_link_in_the_mail_stops_one_kind_for_one_person(practice: Any, client: Client) -> None:
    letter = next(letter for letter in mail.outbox if letter.to == ["publisher@example.org"])
    address = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    asked = client.get(address)
    assert "No more mails of this kind?" in asked.content.decode()
    assert not Subscription.objects.exists(), "reading changes nothing"
    stopped = type(client)(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert stopped.status_code == 200
    assert [(row.user.username, row.kind, row.frequency) for row in Subscription.objects.all()] == [
        ("publisher", "review", "never")
    ]


@pytest.mark.parametrize("change", ["x", "gone", "kind"])
def test_an_altered_link_stops_nothing(staffed: dict[str, Any], client: Client, change: str) -> None:
    user = person("publisher")
    good = token(user, Kind.REVIEW)
    if change == "gone":
        user.delete()
    if change == "kind":
        good = token(person("publisher"), type("Other", (), {"value": "other"})())
    address = reverse("notifications_stop", args=[good + ("x" if change == "x" else "")])
    assert client.post(address).status_code == 404
    assert not Subscription.objects.exists()


def test_staff_choose_in_their_account(staffed: dict[str, Any], client: Client) -> None:
    editor = person("editor")
    client.force_login(editor)
    page = BeautifulSoup(client.get("/admin/account/").content.decode(), "html5lib")
    fields = {str(field["name"]) for field in page.select("[name^=notifications-]")}
    kinds = [kind for kind in Kind.values if kind != Kind.IDEAS]
    assert fields == {f"notifications-{name}" for name in [*kinds, "updated_comments_notifications"]}
    inputs = [field for field in page.select("form input[name]") if field.get("type") not in {"file", "password"}]
    sent = [field for field in inputs if field.get("type") not in {"radio", "checkbox"} or field.has_attr("checked")]
    data = {str(field["name"]): str(field.get("value", "")) for field in sent}
    data |= {str(field["name"]): selected(field) for field in page.select("form select[name]")}
    answer = client.post("/admin/account/", data | {"notifications-changes": "daily", "notifications-review": "never"})
    assert answer.status_code == 302
    expected = dict.fromkeys(kinds, "at-once") | {"changes": "daily", "review": "never"}
    assert frequencies(editor) == expected
    refused = client.post("/admin/account/", data | {"notifications-changes": "hourly"})
    assert refused.status_code == 200
    assert frequencies(editor) == expected


def test_who_moderates_ideas_chooses_the_mail_of_the_day_or_none(staffed: dict[str, Any]) -> None:
    moderator = make("moderator", Role.IDEA_MODERATOR)
    profile = UserProfile.get_for_user(moderator)
    form = SubscriptionsForm(instance=profile)
    offered: Any = form["ideas"].field
    assert [value for value, _label in offered.choices] == ["daily", "never"]
    assert form["ideas"].value() == "daily"
    chosen = dict(form.initial) | {name: field.initial for name, field in form.fields.items() if field.initial}
    form = SubscriptionsForm(chosen | {"ideas": "never"}, instance=profile)
    assert form.is_valid()
    form.save()
    assert frequencies(moderator)["ideas"] == "never"
    assert not SubscriptionsForm(chosen | {"ideas": "at-once"}, instance=profile).is_valid()


def selected(field: Any) -> str:
    chosen = field.select_one("option[selected]") or field.select_one("option")
    return str(chosen["value"])


def test_wagtail_sends_no_mails_of_its_own_besides(practice: Any) -> None:
    assert set(PEOPLE) >= {letter.to[0].partition("@")[0] for letter in mail.outbox}
    assert len(mail.outbox) == 3
    act(practice, "publisher", "approve", comment="")
    assert len(mail.outbox) == 4
