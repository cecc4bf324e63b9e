"""The list of pages by languages: what stands in it, for whom, how it is narrowed and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.translation.models import TranslationState
from practices.models import PracticePage
from tests.admin_lists import exported, rows
from tests.factories.pages import make_country_page, make_practice, make_report
from tests.factories.site import published
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country
from tests.workflows.people import hire, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

URL = "/admin/translations/"


@pytest.fixture(scope="module")
def catalogue(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    """A practice that is outdated in Russian and a draft in Kazakh, a report that exists in Russian, an own draft."""

    def make() -> dict[str, Any]:
        hire()
        kazakhstan = make_country("KZ")
        practice = make_practice(title="One window")
        translated(practice)
        translated(practice, "kk", publish=False)
        practice.summary = "A desk for everything."
        practice = published(practice)
        report = make_report(make_country_page(country=kazakhstan), country=kazakhstan, title="Report 2021")
        translated(report.get_parent().specific)
        translated(report)
        draft = make_practice(title="Not public", country=kazakhstan)
        draft.unpublish()
        return {"practice": practice, "report": report, "draft": draft}

    made: dict[str, Any] = made_once(make)
    return made


def titles(client: Client, name: str, query: dict[str, Any] | None = None) -> list[str]:
    """Of practices and reports: the frame of the site is left out."""
    client.force_login(person(name))
    found = rows(client, URL, query)
    return [row[0] for row in found if row[1] in {"Practice", "Country report"}]


def row(client: Client, name: str, title: str) -> list[str]:
    client.force_login(person(name))
    return next(row for row in rows(client, URL, {"title": title}))


def test_each_page_stands_in_one_row_with_all_languages(client: Client, catalogue: dict[str, Any]) -> None:
    assert row(client, "editor", "One window") == ["One window", "Practice", "Original", "Outdated 1 segment", "Draft"]
    assert row(client, "editor", "Report 2021") == ["Report 2021", "Country report", "Original", "Current", "Missing"]
    assert titles(client, "editor") == ["Not public", "One window", "Report 2021"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "outdated"}, ["One window"]),
        ({"status": "outdated", "language": "kk"}, []),
        ({"status": "draft", "language": "kk"}, ["One window"]),
        ({"status": "missing"}, ["Not public", "Report 2021"]),
        ({"status": "missing", "language": "ru"}, ["Not public"]),
        ({"status": "current"}, ["Report 2021"]),
        ({"language": "kk"}, ["One window"]),
        ({"status": "orphaned"}, []),
        ({"title": "report"}, ["Report 2021"]),
    ],
    ids=str,
)
def test_the_list_is_narrowed_by_language_and_state(
    client: Client, catalogue: dict[str, Any], query: dict[str, str], expected: list[str]
) -> None:
    assert titles(client, "editor", query) == expected


def test_a_translation_without_its_original_has_a_row_of_its_own(client: Client, catalogue: dict[str, Any]) -> None:
    catalogue["practice"].delete()
    assert titles(client, "editor", {"status": "orphaned"}) == ["kk One window", "ru One window"]
    assert row(client, "editor", "ru One window")[2:] == ["Missing", "Without its original", "Missing"]


def test_who_translates_sees_the_own_language_and_no_draft_of_others(client: Client, catalogue: dict[str, Any]) -> None:
    assert row(client, "reviewer-ru", "One window")[2:] == ["Outdated 1 segment"]
    assert titles(client, "reviewer-ru") == ["One window", "Report 2021"]
    assert titles(client, "reviewer-ru", {"status": "draft", "language": "kk"}) == []


def test_a_focal_point_sees_drafts_of_the_own_country(client: Client, catalogue: dict[str, Any]) -> None:
    assert "Not public" in titles(client, "focal")
    assert "Not public" not in titles(client, "other-focal")


@pytest.mark.parametrize(("name", "may"), [("editor", True), ("reviewer-ru", True), ("other-focal", False)])
def test_a_state_leads_to_the_page_for_those_who_may_change_it(
    client: Client, catalogue: dict[str, Any], name: str, *, may: bool
) -> None:
    client.force_login(person(name))
    target = TranslationState.objects.get(language="ru", source=catalogue["practice"].pk)
    page = client.get(URL).content.decode()
    assert (reverse("wagtailadmin_pages:edit", args=(target.page_id,)) in page) == may


def test_the_list_is_exported_as_it_is_narrowed(client: Client, catalogue: dict[str, Any]) -> None:
    client.force_login(person("editor"))
    found = exported(client, URL, title="One window")
    assert [{key: one[key] for key in ("Title", "English", "Russian", "Kazakh")} for one in found] == [
        {"Title": "One window", "English": "Original", "Russian": "Outdated (1)", "Kazakh": "Draft"}
    ]
    assert found[0]["uid"] == str(catalogue["practice"].translation_key)


def test_more_pages_take_no_more_queries(client: Client, catalogue: dict[str, Any]) -> None:
    client.force_login(person("editor"))
    client.get(URL)
    counts = []
    for title in ("First", "Second", "Third"):
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        counts.append(len(captured))
        translated(make_practice(title=title))
    assert len(set(counts)) == 1


def test_the_edit_view_says_how_the_page_stands_in_each_language(client: Client, catalogue: dict[str, Any]) -> None:
    client.force_login(person("editor"))
    practice = catalogue["practice"]
    page = client.get(reverse("wagtailadmin_pages:edit", args=(practice.pk,))).content.decode()
    panel = page[page.index("translations-panel") :]
    assert "1 segment has changed" in panel
    assert "translation-status--draft" in panel


def test_a_reader_is_told_that_a_translation_is_outdated(client: Client, catalogue: dict[str, Any]) -> None:
    russian = PracticePage.objects.get(slug=f"ru-{catalogue['practice'].slug}")
    page = client.get(russian.url).content.decode()
    assert "Оригинал изменён" in page
    assert f'href="{catalogue["practice"].url}"' in page[page.index("Оригинал изменён") :]
    assert "A counter" not in page
    assert "was changed in" not in client.get(catalogue["practice"].url).content.decode()
