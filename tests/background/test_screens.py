"""What administrators see of the queue, and what whatever watches the site is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from cms.background import services
from cms.background.models import ScheduleState
from tests.admin_lists import exported, rows
from tests.background.effects import claimed, leave_trace, leave_trace_and_fail, never_works, only, work
from tests.background.test_services import a_worker

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("queue")
RETRY = "/admin/reports/background/retry/"


def page(client: Client) -> BeautifulSoup:
    response = client.get(reverse("background_queue"))
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html5lib")


def facts(client: Client) -> dict[str, str]:
    found = page(client).select(".queue-facts > div")
    return {one.dt.get_text(): one.dd.get_text() for one in found if one.dt and one.dd}


def test_each_task_shows_what_it_is_and_how_it_stands(admin_client: Client) -> None:
    never_works.enqueue()
    leave_trace_and_fail.enqueue(1)
    leave_trace.enqueue(2)
    work()
    leave_trace.enqueue(3)
    claimed()
    leave_trace.enqueue(4)
    found = {(row[0], row[1], row[2]) for row in rows(admin_client, reverse("background_queue"))}
    assert found == {
        ("Never works", "Given up", "1"),
        ("Leave a trace and fail", "Waiting", "1"),
        ("Leave a trace", "Done", "1"),
        ("Leave a trace", "Running", "1"),
        ("Leave a trace", "Waiting", "0"),
    }
    assert facts(admin_client) == {
        "Waiting": "1",
        "Waiting for another attempt": "1",
        "Running": "1",
        "Given up": "1",
    }
    reasons = " ".join(one.get_text() for one in page(admin_client).select(".task-error pre"))
    assert "nobody of that name" in reasons
    assert "the disk is full" in reasons


def test_the_list_is_narrowed_by_state_and_exported_without_arguments(admin_client: Client) -> None:
    never_works.enqueue()
    leave_trace.enqueue(7)
    work()
    url = reverse("background_queue")
    assert [row[0] for row in rows(admin_client, url, {"status": "FAILED"})] == ["Never works"]
    (row,) = exported(admin_client, url, status="FAILED")
    assert "args_kwargs" not in row
    assert "tests.background.effects.never_works" in row.values()


def test_tasks_of_wagtail_and_of_yesterdays_code_have_names(admin_client: Client) -> None:
    for path in ("wagtail.tasks.delete_file_from_storage_task", "tests.background.effects.gone"):
        leave_trace.enqueue(1)
        DBTaskResult.objects.filter(task_path__endswith="leave_trace").update(task_path=path)
    found = {row[0] for row in rows(admin_client, reverse("background_queue"))}
    assert found == {"Delete a file that is no longer needed", "tests.background.effects.gone"}


def test_one_task_or_all_are_tried_again_and_the_log_says_by_whom(admin_client: Client, admin_user: Any) -> None:
    never_works.enqueue()
    work()
    button = page(admin_client).select_one("td form button")
    assert button
    answer = admin_client.post(RETRY, {"task": button["value"]}, follow=True)
    assert "1 task is tried again." in answer.content.decode()
    assert only().status == "READY"
    entry: Any = ModelLogEntry.objects.get(action="background.retried")
    assert (entry.user, entry.label) == (admin_user, "tests.background.effects.never_works")
    work()
    never_works.enqueue()
    work()
    assert "2 tasks are tried again." in admin_client.post(RETRY, follow=True).content.decode()
    assert {row.status for row in DBTaskResult.objects.all()} == {"READY"}


@pytest.mark.parametrize("task", ["", "x", "6b0a8f3c-2f6f-4d0c-9c55-0a6a1f7fb001"])
def test_trying_nothing_again_changes_nothing(admin_client: Client, task: str) -> None:
    leave_trace.enqueue(1)
    answer = admin_client.post(RETRY, {"task": task}, follow=True)
    assert answer.status_code == 200
    assert "0 tasks are tried again." in answer.content.decode()
    assert only().status == "READY"


def test_it_says_who_works_and_what_comes_next(admin_client: Client) -> None:
    assert "No worker is running" in page(admin_client).get_text()
    a_worker(silent_for=3)
    services.start_due()
    ScheduleState.objects.filter(name__endswith="publish_due").update(last_at=timezone.now())
    text = " ".join(page(admin_client).get_text().split())
    assert "No worker is running" not in text
    assert re.search(r"here, process 1: last sign of life at \d\d:\d\d:\d\d", text)
    assert "Find what is due to be published or withdrawn" in text


def test_the_list_takes_the_same_number_of_queries_however_long(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        leave_trace.enqueue(number)
    page(admin_client)
    with django_assert_max_num_queries(20):
        page(admin_client)


def test_the_site_says_that_it_lives(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})
    assert "no-store" in answer["Cache-Control"]

    def away(*args: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as without:
        without.setattr("cms.background.views.connection", type("Away", (), {"cursor": away}))
        assert client.get("/health/").status_code == 503
        without.setattr("cms.background.views.queue_state", away)
        assert client.get("/health/worker/").status_code == 503
    assert client.post("/health/").status_code == 405


def test_without_a_worker_the_site_is_not_well(client: Client) -> None:
    answer = client.get("/health/worker/")
    assert (answer.status_code, answer.json()["worker"]) == (503, "missing")
    worker = a_worker(silent_for=4)
    never_works.enqueue()
    work()
    answer = client.get("/health/worker/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "worker": "ok",
        "seconds_since_sign_of_life": 4,
        "waiting": 0,
        "seconds_of_delay": 0,
        "running": 0,
        "given_up": 1,
    }
    worker.delete()
    a_worker(silent_for=31)
    assert client.get("/health/worker/").status_code == 503


@pytest.mark.parametrize("again", [False, True], ids=["new", "again"])
def test_work_that_nobody_does_shows(client: Client, again: bool) -> None:
    a_worker()
    leave_trace.enqueue(1)
    long_ago = timezone.now() - timedelta(seconds=601)
    DBTaskResult.objects.update(**{"run_after" if again else "enqueued_at": long_ago})
    answer = client.get("/health/worker/")
    assert (answer.status_code, answer.json()["seconds_of_delay"]) == (503, 601)
    DBTaskResult.objects.update(run_after=timezone.now() + timedelta(hours=1))
    assert client.get("/health/worker/").json()["waiting"] == 0
