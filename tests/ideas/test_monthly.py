"""The monthly report: numbers as they stood at the end of the month, and nobody's words."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from cms.users.choices import Role
from ideas.choices import Action, IdeaState
from ideas.models import Idea, IdeaEvent, IdeaReview
from ideas.monthly import Month, months, workbook
from tests.contracts.test_permission_matrix import MATRIX, make_member
from tests.contracts.test_rights import is_refused
from tests.factories.ideas import WORDS, make_idea
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
MAY, JUNE = Month.of("2026-05"), Month.of("2026-06")


def moment(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 12, tzinfo=datetime.UTC)


def sheet(content: bytes, name: str) -> list[tuple[Any, ...]]:
    return [row[:3] for row in load_workbook(io.BytesIO(content))[name].iter_rows(values_only=True)]


@pytest.fixture
def year() -> None:
    """Sent in May and decided in June; and one that was sent in June alone."""
    decided = make_idea(IdeaState.DECLINED, theme=make_theme("inclusion"), submitter_kind="citizen")
    Idea.objects.filter(pk=decided.pk).update(created_at=moment(5, 30))
    IdeaEvent.objects.filter(idea=decided).update(at=moment(5, 30))
    IdeaEvent.objects.filter(idea=decided, action=Action.DECLINE).update(at=moment(6, 9))
    IdeaReview.objects.update(at=moment(6, 8))
    later = make_idea(IdeaState.CONFIRMED, language="ru", email="b@example.org")
    Idea.objects.filter(pk=later.pk).update(created_at=moment(6, 20))
    IdeaEvent.objects.filter(idea=later).update(at=moment(6, 20))


@pytest.mark.usefixtures("year")
def test_a_month_is_told_as_it_stood_at_its_end() -> None:
    may, june = workbook(MAY), workbook(JUNE)
    assert ("Send", 1, None) in [(*row[:2], None) for row in sheet(may, "Steps")]
    assert [dict(row[:2] for row in sheet(book, "Steps"))["Decline"] for book in (may, june)] == [0, 1]
    assert [dict(row[:2] for row in sheet(book, "States"))["In review"] for book in (may, june)] == [1, 0]
    assert [dict(row[:2] for row in sheet(book, "States"))["Received"] for book in (may, june)] == [0, 1]
    assert dict(row[:2] for row in sheet(june, "Steps"))["Days until decided (median)"] == 10
    assert dict(row[:2] for row in sheet(may, "Steps"))["Days until decided (median)"] == "none decided"
    assert ("Language", "Русский", 1) in sheet(june, "Sent in")
    assert ("Language", "English", 1) in sheet(may, "Sent in")
    assert ("Kind of submitter", "As a citizen", 1) in sheet(may, "Sent in")
    assert [row for row in sheet(june, "Reasons") if row[2] == 1] == [("Decline", "Done already", 1)]
    assert sheet(june, "Scores")[1] == ("Benefit for people and administrations", 2, 4)
    assert len(sheet(may, "Scores")) == 1


@pytest.mark.usefixtures("year")
def test_nobodys_words_are_in_it() -> None:
    for book in (workbook(MAY), workbook(JUNE)):
        text = str([list(one.iter_rows(values_only=True)) for one in load_workbook(io.BytesIO(book))])
        for words in (WORDS["title"], WORDS["problem"], "Aigerim", "example.org", Idea.objects.all()[0].number):
            assert words not in text


@pytest.mark.usefixtures("year")
def test_it_is_in_the_language_of_the_reader_and_in_as_many_queries(django_assert_max_num_queries: Any) -> None:
    with translation.override("ru"), django_assert_max_num_queries(12):
        book = load_workbook(io.BytesIO(workbook(JUNE)))
    assert str(IdeaState.CONFIRMED.label) != ""
    assert len(book.sheetnames) == 5


@pytest.mark.usefixtures("year")
def test_months_run_from_the_first_idea_to_the_present() -> None:
    found = months()
    assert (str(found[-1]), found[0].is_over, found[-1].is_over) == ("2026-05", False, True)
    assert str(found[0]) == f"{timezone.localdate():%Y-%m}"
    assert (str(Month.of("2026-12").next), str(Month.of("2026-01").next)) == ("2027-01", "2026-02")


def test_without_ideas_there_is_no_report(client: Client, moderator: User) -> None:
    assert months() == []
    client.force_login(moderator)
    assert "No idea was sent in yet." in client.get("/admin/ideas/monthly/").text


@pytest.mark.usefixtures("year")
def test_moderators_save_it_and_nobody_else(client: Client, moderator: User) -> None:
    client.force_login(moderator)
    assert "month=2026-05" in client.get("/admin/ideas/monthly/").text
    assert "/admin/ideas/monthly/" in client.get("/admin/ideas/").text
    answer = client.get("/admin/ideas/monthly/?month=2026-05")
    assert answer["Content-Disposition"] == 'attachment; filename="ideas-2026-05.xlsx"'
    assert sheet(answer.content, "Steps")[0][1] == "2026-05"
    for month in ("2026-04", "2099-01", "nonsense", "2026-13", "\0"):
        assert client.get("/admin/ideas/monthly/", {"month": month}).status_code == 404
    for role in MATRIX:
        if role != Role.IDEA_MODERATOR:
            client.force_login(make_member(role, make_country("KZ")))
            assert is_refused(client.get("/admin/ideas/monthly/?month=2026-05")), role
