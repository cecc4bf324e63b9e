"""Indicators and measures that cannot be kept as they were entered, and lists that are asked for nonsense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.test.utils.form_data import inline_formset

from reports.models import Indicator, Measure
from tests.admin_forms import errors, not_refused, row_screen, screen, send
from tests.admin_lists import list_url, names
from tests.contracts.hostile import HOSTILE
from tests.factories.statistics import make_indicator, make_measure
from tests.reports.test_editing import label, meanings, source, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

UNIQUE, REQUIRED, ONE_ROW = "already exists.", "This field is required.", "Please submit at least 1 form."
NOT_OFFERED, NO_CHOICE = "That choice is not one of the available choices.", "is not one of the available choices."


# What is changed, at which field or row it is refused, and a part of the sentence.
WRONG_INDICATORS: list[tuple[dict[str, Any], str, str]] = [
    ({"code": "TAKEN"}, "code", UNIQUE),
    ({"code": "  "}, "code", REQUIRED),
    ({"code": "x" * 61}, "code", "at most 60 characters"),
    ({"code": "A\0"}, "code", "Null characters are not allowed."),
    ({"unit": ""}, "unit", REQUIRED),
    ({"decimals": "-1"}, "decimals", "greater than or equal to 0"),
    ({"decimals": "few"}, "decimals", "Enter a whole number."),
    ({"scale_type": "length"}, "scale_type", NO_CHOICE),
    ({"frequency": "Z"}, "frequency", NO_CHOICE),
    ({"licence": "mine"}, "licence", NO_CHOICE),
    ({"direction": ""}, "direction", REQUIRED),
    ({"source": ""}, "source", REQUIRED),
    ({"source": "999999"}, "source", NOT_OFFERED),
    ({"source_url": "ftp://"}, "source_url", "Enter a valid URL."),
    ({"source_url": "javascript:alert(1)"}, "source_url", "Enter a valid URL."),
    ({"update_days": "-1"}, "update_days", "greater than or equal to 0"),
    ({"theme": "999999"}, "theme", NOT_OFFERED),
    ({"labels": inline_formset([], min=1)}, "labels", ONE_ROW),
    (label(definition=""), "labels.definition", REQUIRED),
    (label(attribution=""), "labels.attribution", REQUIRED),
    (label(short_name="x" * 81), "labels.short_name", "at most 80 characters"),
    (meanings(("1", "en", "Few"), ("1", "en", "Many")), "value_labels", "must be unique"),
    (meanings(("one", "en", "Few")), "value_labels.value", "Enter a whole number."),
    (meanings(("1", "en", "")), "value_labels.label", REQUIRED),
    (meanings(("1", "de", "Wenig")), "value_labels.language", NO_CHOICE),
]
WRONG_MEASURES: list[tuple[dict[str, Any], str, str]] = [
    ({"country": ""}, "country", REQUIRED),
    ({"country": "999999"}, "country", NOT_OFFERED),
    ({"category": "X9"}, "category", NO_CHOICE),
    ({"start": ""}, "start", REQUIRED),
    ({"start": "2020-13-01"}, "start", "Enter a valid date."),
    ({"end": "0000-01-01"}, "end", "Enter a valid date."),
    ({"end": "2019-01-01"}, "end", "The measure cannot end before it begins."),
    ({"announced": "tomorrow"}, "announced", "Enter a valid date."),
    ({"end_certainty": "perhaps"}, "end_certainty", NO_CHOICE),
    ({"level": "global"}, "level", NO_CHOICE),
    ({"bindingness": "kind"}, "bindingness", NO_CHOICE),
    ({"strength": "-1"}, "strength", "greater than or equal to 0"),
    ({"legal_act": "x" * 121}, "legal_act", "at most 120 characters"),
    ({"replaces": "999999"}, "replaces", NOT_OFFERED),
    ({"texts": inline_formset([], min=1)}, "texts", ONE_ROW),
    (texts(("en", "")), "texts.title", REQUIRED),
    (texts(("xx", "Closed")), "texts.language", NO_CHOICE),
    (texts(("en", "Closed"), ("en", "Shut")), "texts", "must be unique"),
    (texts(("en", "x" * 256)), "texts.title", "at most 255 characters"),
    (source(url=""), "sources.url", REQUIRED),
    (source(url="no address"), "sources.url", "Enter a valid URL."),
    (source(url="javascript:alert(1)"), "sources.url", "Enter a valid URL."),
    (source(date="31.02.2020"), "sources.date", "Enter a valid date."),
    (source(language="x" * 11), "sources.language", "at most 10 characters"),
]


@pytest.fixture(scope="module")
def kept(made_once: Callable[[Callable[[], Any]], Any]) -> dict[Any, Any]:
    def make() -> dict[Any, Any]:
        make_indicator("TAKEN")
        return {Indicator: make_indicator(labels={"en": "Stringency", "ru": "Строгость"}), Measure: make_measure()}

    found: dict[Any, Any] = made_once(make)
    return found


@pytest.mark.one_database
@pytest.mark.parametrize(("model", "cases"), [(Indicator, WRONG_INDICATORS), (Measure, WRONG_MEASURES)])
def test_what_is_wrong_is_refused_where_it_stands_and_nothing_is_changed(
    admin_client: Client, kept: dict[Any, Any], model: Any, cases: Any
) -> None:
    before = list(model.objects.order_by("pk").values())
    assert not_refused(admin_client, row_screen(kept[model], "edit"), cases) == []
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("model", [Indicator, Measure])
def test_a_new_row_names_all_that_it_lacks(admin_client: Client, kept: Any, model: Any) -> None:
    number = model.objects.count()
    found = errors(send(admin_client, screen(model, "add")))
    always = {Indicator: {"code", "unit", "source"}, Measure: {"country", "start"}}[model]
    assert always <= {name for name, sentences in found.items() if REQUIRED in sentences}
    assert model.objects.count() == number


SHARP = ("null byte", "markup", "pattern", "sql", "huge number", "not a number", "no unicode", "very long")
FILTERS = {
    list_url(Indicator): ("source", "theme", "scale_type", "frequency", "is_comparable"),
    list_url(Measure): ("country", "start_from", "start_to", "is_open", "category", "level", "bindingness"),
    "/admin/observations/": ("indicator", "country", "period_start_from", "is_current", "status"),
    "/admin/imports/": ("started_from", "started_to", "profile"),
}


@pytest.mark.parametrize("address", FILTERS)
def test_a_list_is_shown_whatever_it_is_asked_for(admin_client: Client, kept: Any, address: str) -> None:
    query = "&".join(f"{name}={{0}}" for name in (*FILTERS[address], "q", "p", "ordering"))
    answers = {name: admin_client.get(f"{address}?{query.format(HOSTILE[name])}") for name in SHARP}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(SHARP, 200)
    assert not [name for name, answer in answers.items() if "<script>alert" in answer.content.decode()]


@pytest.mark.parametrize(
    ("text", "found"), [("строг", ["Stringency"]), ("СТРОГОСТЬ", ["Stringency"]), ("oxcgrt", ["Stringency"]), ("%", [])]
)
def test_indicators_are_found_by_cyrillic_names_in_any_case(
    admin_client: Client, kept: Any, text: str, found: list[str]
) -> None:
    assert names(admin_client, list_url(Indicator), {"q": text}) == found
