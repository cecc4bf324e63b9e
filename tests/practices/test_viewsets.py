"""The record of who reused what, as editors keep it: found, filtered, exported, and refused where it is wrong."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from practices.models import PracticeAdaptation, PracticePage
from tests.admin_forms import errors, not_refused, row_screen, said, screen, send
from tests.admin_lists import exported, names, rows
from tests.answers import queries
from tests.contracts.hostile import HOSTILE
from tests.factories.pages import make_adaptation, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_concept, make_country, make_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

REQUIRED, NO_CHOICE = "This field is required.", "is not one of the available choices."
LIST = "/admin/snippets/practices/practiceadaptation/"


@pytest.fixture(scope="module")
def records(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    """A practice of Kazakhstan that Georgia and Uzbekistan reuse, and one that Armenia is interested in."""

    def make() -> dict[str, Any]:
        changed = {"en": "Two halls."}
        window, kitchen = make_practice(title="One window"), make_practice(title="Open kitchen")
        translate(window, "kk", title="Бір терезе")
        hall = make_organisation("hall-of-justice", labels={"en": "Hall of Justice", "ru": "Дом юстиции"})
        facts: dict[str, Any] = {"status": "running", "start": datetime.date(2021, 3, 1), "organisation": hall}
        return {
            "window": window,
            "GE": make_adaptation(window, make_country("GE"), changed=changed, confirmed_by_origin=True, **facts),
            "UZ": make_adaptation(window, make_country("UZ"), status="stopped", supported_by_hub=True),
            "AM": make_adaptation(kitchen, make_country("AM"), start=datetime.date(2022, 1, 1)),
        }

    found: dict[str, Any] = made_once(make)
    return found


def texts(*given: tuple[str, str]) -> dict[str, Any]:
    return {"texts": inline_formset([{"language": code, "changed": text} for code, text in given], min=1)}


def test_the_list_says_who_reuses_what_since_when(admin_client: Client, records: Any) -> None:
    assert rows(admin_client, LIST) == [
        ["Armenia: Open kitchen", "Interested", "1 January 2022", "No"],
        ["Georgia: One window", "Hall of Justice", "Running", "1 March 2021", "Yes"],
        ["Uzbekistan: One window", "Stopped", "No"],
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "терезе"}, {"Georgia", "Uzbekistan"}),
        ({"q": "ОТКРЫТ"}, set()),
        ({"q": "ЮСТИЦИИ"}, {"Georgia"}),
        ({"q": "грузия"}, {"Georgia"}),
        ({"q": "өзбек"}, {"Uzbekistan"}),
        ({"q": "(kitchen"}, set()),
        ({"q": "kitchen"}, {"Armenia"}),
        ({"status": "stopped"}, {"Uzbekistan"}),
        ({"supported_by_hub": "true"}, {"Uzbekistan"}),
        ({"confirmed_by_origin": "true"}, {"Georgia"}),
        ({"confirmed_by_origin": "false", "status": "interested"}, {"Armenia"}),
    ],
    ids=lambda part: str(part) if isinstance(part, dict) else "",
)
def test_records_are_found_in_any_language_and_filtered(
    admin_client: Client, records: Any, query: dict[str, str], found: set[str]
) -> None:
    assert {name.split(":")[0] for name in names(admin_client, LIST, query)} == found


def test_only_adopting_countries_are_offered_as_filter(admin_client: Client, records: Any) -> None:
    make_country("MN")
    form = admin_client.get(LIST).context["filters"].form
    offered = {str(label) for _value, label in form.fields["country"].choices}
    assert {"Georgia", "Armenia", "Uzbekistan"} <= offered
    assert not {"Mongolia", "Kazakhstan"} & offered
    georgia = records["GE"].country
    assert names(admin_client, LIST, {"country": georgia.pk}) == ["Georgia: One window"]


@pytest.mark.parametrize("order", ["status", "-status", "start", "-start", "confirmed_by_origin", "nonsense", ""])
def test_every_order_shows_every_record(admin_client: Client, records: Any, order: str) -> None:
    shown = [name.split(":")[0] for name in names(admin_client, LIST, {"ordering": order})]
    assert sorted(shown) == ["Armenia", "Georgia", "Uzbekistan"]
    if order.endswith("start"):
        assert shown[-1] == "Uzbekistan", "what has no date comes last, whichever way round"


def test_what_is_exported_is_what_is_filtered(admin_client: Client, records: Any) -> None:
    assert exported(admin_client, LIST, status="running") == [
        {
            "Practice": "One window",
            "Adopting country": "Georgia",
            "Organisation": "Hall of Justice",
            "Status": "Running",
            "Start": "2021-03-01",
            "End": "",
            "Evidence": "",
        }
    ]


SHARP = ("null byte", "markup", "pattern", "sql", "huge number", "not a number", "no unicode", "very long")


def test_the_list_is_shown_whatever_it_is_asked_for(admin_client: Client, records: Any) -> None:
    parameters = ("q", "country", "status", "supported_by_hub", "confirmed_by_origin", "p", "ordering")
    for name in SHARP:
        query = "&".join(f"{parameter}={HOSTILE[name]}" for parameter in parameters)
        response = admin_client.get(f"{LIST}?{query}")
        assert response.status_code == 200, name
        assert "<script>alert" not in response.content.decode()


def test_a_record_is_added_and_shown_to_readers_at_once(admin_client: Client, records: Any) -> None:
    practice, level = records["window"], make_concept(code="local")
    facts = {"practice": practice.pk, "country": make_country("MN").pk, "status": "planned", "level": level.pk}

    lacking = errors(send(admin_client, screen(PracticeAdaptation, "add")))
    answer = send(admin_client, screen(PracticeAdaptation, "add"), facts | texts(("en", "Yurts for windows.")))

    assert {name for name, sentences in lacking.items() if REQUIRED in sentences} >= {"practice", "country"}
    assert errors(answer) == {}
    assert "Mongolia: One window" in said(answer)
    html = admin_client.get(practice.url).content.decode()
    assert "Yurts for windows." in html
    assert "Mongolia" in html


def test_a_changed_record_is_shown_in_every_language_of_the_practice(admin_client: Client, records: Any) -> None:
    kazakh = PracticePage.objects.get(translation_key=records["window"].translation_key, locale__language_code="kk")
    changes = {"end": "2021-12-31", "evidence_url": "https://example.org/proof"}

    answer = send(admin_client, row_screen(records["GE"], "edit"), changes | texts(("kk", "Пішін қысқарды.")))

    assert errors(answer) == {}
    html = admin_client.get(kazakh.url).content.decode()
    assert "Пішін қысқарды." in html
    assert "https://example.org/proof" in html
    assert "Two halls." not in admin_client.get(records["window"].url).content.decode()


def test_a_deleted_record_is_gone_and_the_practice_stays(admin_client: Client, records: Any) -> None:
    asked = admin_client.get(row_screen(records["UZ"], "delete")).content.decode()
    admin_client.post(row_screen(records["UZ"], "delete"))

    assert "Are you sure you want to delete this adaptation?" in asked
    assert not PracticeAdaptation.objects.filter(pk=records["UZ"].pk).exists()
    html = admin_client.get(records["window"].url).content.decode()
    assert "Uzbekistan" not in html
    assert "Georgia" in html


def test_what_is_wrong_is_refused_where_it_stands_and_nothing_is_changed(admin_client: Client, records: Any) -> None:
    before = list(PracticeAdaptation.objects.order_by("pk").values())
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"practice": ""}, "practice", REQUIRED),
        ({"practice": "999999"}, "practice", "Select a valid choice."),
        ({"country": ""}, "country", REQUIRED),
        ({"country": "999999"}, "country", "Select a valid choice."),
        ({"organisation": "999999"}, "organisation", "Select a valid choice."),
        ({"level": "999999"}, "level", "Select a valid choice."),
        ({"level": make_concept(scheme="stage", code="idea").pk}, "level", "Select a valid choice."),  # type: ignore[arg-type]  # any scheme
        ({"status": "finished"}, "status", NO_CHOICE),
        ({"start": "2022-01-01", "end": "2021-01-01"}, "end", "The end cannot be before the start."),
        ({"start": "01.13.2022"}, "start", "Enter a valid date."),
        ({"end": "soon"}, "end", "Enter a valid date."),
        ({"evidence_url": "no address"}, "evidence_url", "Enter a valid URL."),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url", "Enter a valid URL."),
        (texts(("en", "")), "texts.changed", REQUIRED),
        (texts(("ar", "A")), "texts.language", NO_CHOICE),
        (texts(("en", "A"), ("en", "B")), "texts", "must be unique"),
        ({"texts": inline_formset([], min=1)}, "texts", "Please submit at least 1 form."),
    ]
    assert not_refused(admin_client, row_screen(records["GE"], "edit"), cases) == []
    assert list(PracticeAdaptation.objects.order_by("pk").values()) == before


def test_the_list_takes_as_many_queries_for_many_records_as_for_few(admin_client: Client, records: Any) -> None:
    few = queries(admin_client, LIST)
    for code in ("MN", "TJ", "KG"):
        make_adaptation(
            make_practice(title=code), make_country(code), organisation=make_organisation(f"body-{code}".lower())
        )
    assert queries(admin_client, LIST) == few


def test_the_list_of_practices_leads_to_adding_one_below_the_catalogue(admin_client: Client, records: Any) -> None:
    start = admin_client.get(reverse("practices:choose_parent"))
    assert start.status_code in {200, 302}
    listed = admin_client.get(reverse("practices:index")).content.decode()
    assert reverse("practices:choose_parent") in listed
    assert "One window" in listed
