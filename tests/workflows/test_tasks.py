"""What happens to content by itself, and that one page that cannot be published holds up no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, PageLogEntry, Revision

from cms.workflows import tasks
from tests.background.effects import work
from tests.factories.pages import make_practice
from tests.factories.vocabularies import make_country
from tests.workflows.people import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}


def scheduled(title: str, slug: str) -> Any:
    """A page whose time has come."""
    page = make_practice(country=make_country("KZ"), title=title, slug=slug)
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    past = timezone.now() - timedelta(seconds=1)
    page.refresh_from_db()
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=past, content=page.get_latest_revision().content | {"go_live_at": past.isoformat()}
    )
    return page


def expired(title: str, slug: str) -> Any:
    page = make_practice(country=make_country("KZ"), title=title, slug=slug)
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
    return page


def times(page: Any, action: str) -> int:
    return PageLogEntry.objects.filter(page=page.pk, action=action).count()


def test_a_page_goes_live_when_its_time_has_come_and_once(site: Any) -> None:
    page = scheduled("One window", "one-window")
    tasks.publish_due.func()
    tasks.publish_due.func()
    tasks.publish_revision.func(page.latest_revision_id)
    assert fresh(page).live
    assert times(page, "wagtail.publish.scheduled") == 1


def test_a_page_whose_time_is_to_come_waits(site: Any) -> None:
    page = make_practice()
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    tasks.publish_due.func()
    tasks.publish_revision.func(page.latest_revision_id)
    assert not fresh(page).live


def test_a_page_is_withdrawn_when_its_time_is_over_and_once(site: Any) -> None:
    page = expired("One window", "one-window")
    tasks.publish_due.func()
    tasks.withdraw.func("wagtailcore.Page", page.pk)
    page = fresh(page)
    assert (page.live, page.expired) == (False, True)
    assert times(page, "wagtail.unpublish.scheduled") == 1


def test_what_was_deleted_or_put_off_meanwhile_is_left_alone(site: Any) -> None:
    page = expired("One window", "one-window")
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() + timedelta(days=1))
    tasks.withdraw.func("wagtailcore.Page", page.pk)
    tasks.withdraw.func("wagtailcore.Page", 10**9)
    tasks.publish_revision.func(10**9)
    assert fresh(page).live


def test_each_page_is_a_task_of_its_own_and_queued_once(site: Any, queued: None) -> None:
    pages = [scheduled("One window", "one-window"), expired("Two windows", "two-windows")]
    tasks.publish_due.func()
    tasks.publish_due.func()
    paths = sorted(row.task_path for row in DBTaskResult.objects.filter(task_path__startswith="cms.workflows"))
    assert paths == ["cms.workflows.tasks.publish_revision", "cms.workflows.tasks.withdraw"]
    work()
    assert [fresh(page).live for page in pages] == [True, False]


def test_a_page_that_cannot_be_published_holds_up_no_other_and_is_not_queued_for_ever(
    site: Any, queued: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = scheduled("Broken", "broken"), scheduled("Whole", "whole")
    publish = Revision.publish

    def fail_for_one(revision: Any, *args: Any, **kwargs: Any) -> Any:
        if revision.object_id == str(broken.pk):
            raise ValueError("a picture is missing")
        return publish(revision, *args, **kwargs)

    monkeypatch.setattr(Revision, "publish", fail_for_one)
    tasks.publish_due.func()
    for _attempt in range(6):
        work()
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    assert fresh(whole).live
    assert not fresh(broken).live
    failed = DBTaskResult.objects.get(status="FAILED")
    assert "a picture is missing" in failed.traceback
    tasks.publish_due.func()
    assert DBTaskResult.objects.filter(task_path=failed.task_path).exclude(status="SUCCESSFUL").count() == 1
