"""Values of indicators in the API: filters, revisions, pages, CSV, and what describes them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.delivery.choices import Scope
from cms.delivery.marks import mark
from cms.delivery.services import begin, settle
from reports.models import IndicatorValueLabel, Observation
from tests.answers import queries
from tests.factories.statistics import IMPORTED, make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
VALUES = "/api/v2/observations/"
REVISED = datetime.datetime(2022, 6, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        monthly = make_indicator()
        scale = make_indicator("OXCGRT.C1", scale_type="ordinal", frequency="D")
        for language, label in (("en", "Closed, all of them"), ("ru", "Закрыты")):
            IndicatorValueLabel.objects.create(indicator=scale, value=3, language=language, label=label)
        for code in ("KZ", "GE"):
            country = make_country(code)
            observe(monthly, country, {"2021-01-01": "40.125", "2021-02-01": None, "2021-03-01": "1234567890123.5"})
            observe(scale, country, {"2020-04-01": 3, "2021-01-01": 0})
        kazakh = Observation.objects.get(indicator=monthly, country__code="KZ", period_start="2021-01-01")
        revise(kazakh, 41, REVISED)
        observe(monthly, make_country("KZ"), {"2022-01-01": 7}, origin="national")

    return made_once(make)


def ask(client: Client, query: str = "") -> Any:
    answer = client.get(f"{VALUES}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def shown(client: Client, query: str) -> list[tuple[str, str, str, Any]]:
    return [(one["indicator"], one["country"], one["period"], one["value"]) for one in ask(client, query)["items"]]


def lines(client: Client, query: str) -> list[dict[str, str]]:
    answer: Any = client.get(f"{VALUES}?{query}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(io.StringIO(body.decode())))


C1, STRINGENCY = "OXCGRT.C1", "OXCGRT.STRINGENCY"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"indicator={C1}&country=KZ", [(C1, "KZ", "2020-04-01", 3), (C1, "KZ", "2021-01-01", 0)]),
        (f"indicator={C1}&to=2020", [(C1, "KZ", "2020-04-01", 3), (C1, "GE", "2020-04-01", 3)]),
        (f"indicator={C1}&from=2021", [(C1, "KZ", "2021-01-01", 0), (C1, "GE", "2021-01-01", 0)]),
        (f"indicator={C1}&from=2020-Q2&to=2020-Q2&country=GE", [(C1, "GE", "2020-04-01", 3)]),
        ("country=KZ&last=1", [(STRINGENCY, "KZ", "2021-03", 1234567890123.5), (C1, "KZ", "2021-01-01", 0)]),
        (f"country=KZ&last=1&to=2021-02&indicator={STRINGENCY}", [(STRINGENCY, "KZ", "2021-02", None)]),
        (f"indicator={STRINGENCY}&country=KZ&to=2021-01", [(STRINGENCY, "KZ", "2021-01", 41)]),
        (f"indicator={STRINGENCY}&country=KZ&to=2021-01&as_of=2022-05-31", [(STRINGENCY, "KZ", "2021-01", 40.125)]),
        (f"indicator={STRINGENCY}&country=KZ&to=2021-01&as_of=2022-06-01", [(STRINGENCY, "KZ", "2021-01", 41)]),
        (
            f"indicator={STRINGENCY}&country=KZ&to=2021-01&as_of=2022-06-01T11:59:59Z",
            [(STRINGENCY, "KZ", "2021-01", 40.125)],
        ),
        ("as_of=2022-02-28", []),
        ("origin=national", [(STRINGENCY, "KZ", "2022-01", 7)]),
        ("origin=all&country=KZ&from=2021-03&frequency=M&last=2", [
            (STRINGENCY, "KZ", "2021-03", 1234567890123.5),
            (STRINGENCY, "KZ", "2022-01", 7),
        ]),
        (f"frequency=M&country=GE&indicator={C1}", []),
    ],
)  # fmt: skip
def test_values_are_narrowed(client: Client, content: Any, query: str, expected: list[Any]) -> None:
    assert sorted(shown(client, query)) == sorted(expected)


def test_what_explains_the_figures_is_in_every_answer(client: Client, content: Any) -> None:
    found = ask(client, f"indicator={C1}&country=KZ&locale=ru")
    assert found["indicators"][C1]["scale"] == [{"value": 3, "label": "Закрыты"}]
    assert found["indicators"][C1]["attribution"].startswith("Hale et al.")
    assert found["indicators"][C1]["licence"]["url"].startswith("https://creativecommons.org/")
    assert found["countries"] == {"KZ": "Казахстан"}
    for line in lines(client, f"format=csv&indicator={C1}&locale=en"):
        assert line["attribution"].startswith("Hale et al.")
        assert line["licence"] == "CC-BY-4.0"
        assert line["value_label"] == ("Closed, all of them" if line["value"] == "3" else "")


def test_json_keeps_every_digit(client: Client, content: Any) -> None:
    text = client.get(f"{VALUES}?indicator={STRINGENCY}&country=GE").content.decode()
    values = [one["value"] for one in json.loads(text, parse_float=Decimal)["items"]]
    assert values == [Decimal("40.125"), None, Decimal("1234567890123.5")]


def walk(client: Client, query: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    address = f"?after=&{query}"
    while address:
        answer = ask(client, address.partition("?")[2])
        found += [(one["indicator"], one["country"], one["period"], one["origin"]) for one in answer["items"]]
        address = answer["meta"]["next"] or ""
    return found


@pytest.mark.parametrize("query", ["", "last=1", "origin=all", "as_of=2022-05-31", "country=KZ&from=2021"])
def test_values_read_page_by_page_are_all_of_them_once(client: Client, content: Any, query: str) -> None:
    whole = [(one["indicator"], one["country"], one["period"], one["origin"]) for one in ask(client, query)["items"]]
    for size in (1, 3):
        assert walk(client, f"{query}&limit={size}") == whole
    assert len(set(whole)) == len(whole) > 1


def test_a_page_of_csv_leads_on_by_a_header(client: Client, content: Any) -> None:
    answer = client.get(f"{VALUES}?format=csv&limit=4")
    links = {kind: url for url, kind in re.findall(r'<(.+?)>; rel="(\w+)"', answer["Link"])}
    second = lines(client, urlsplit(links["next"]).query)
    assert [line["period"] for line in second] == [line["period"] for line in lines(client, "format=csv")[4:8]]
    assert "metadata" in links["describedby"]
    assert "Accept" in answer["Vary"].split(", ")


def test_csv_without_a_limit_is_streamed_and_has_everything(client: Client, content: Any) -> None:
    answer = client.get(f"{VALUES}?format=csv")
    assert answer.streaming
    assert len(lines(client, "format=csv")) == len(ask(client)["items"])
    assert not client.get(f"{VALUES}?limit=1000").streaming
    assert client.get(f"{VALUES}?limit=50000").streaming


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv,application/json", "application/json"),
    ],
)
def test_the_header_accept_chooses_the_format(client: Client, content: Any, accept: str, kind: str) -> None:
    assert client.get(VALUES, headers={"accept": accept})["Content-Type"] == kind
    assert client.get(f"{VALUES}?format=json", headers={"accept": accept})["Content-Type"] == "application/json"


def test_the_twin_describes_what_the_same_filters_give(client: Client, content: Any) -> None:
    found = client.get(f"{VALUES}metadata/?indicator={C1}&country=KZ&locale=ru").json()
    notes = found["notes"]
    assert (notes["rows"], notes["first_period"], notes["last_period"]) == (2, "2020-04-01", "2021-01-01")
    assert [one["code"] for one in notes["indicators"]] == [C1]
    assert {one["code"] for one in notes["statuses"]} >= {"A", "M"}
    query = {name: value[0] for name, value in parse_qs(urlsplit(found["url"]).query).items()}
    assert query == {"indicator": C1, "country": "KZ", "locale": "ru", "format": "csv"}
    rows = lines(client, urlsplit(found["url"]).query)
    assert (len(rows), list(rows[0])) == (2, [column["name"] for column in found["tableSchema"]["columns"]])
    assert found["@context"] == "http://www.w3.org/ns/csvw"


@pytest.mark.parametrize(
    "cursor",
    ["WzFd", "x", "W10", "%5B%5D", "WzEsMiwiMjAyMS0wMS0wMSIsbnVsbCw1XQ", "W10" * 2000, "WyJhIiwyLCJiIiwiYyIsNV0"],
)
def test_a_place_that_is_none_is_refused(client: Client, content: Any, cursor: str) -> None:
    answer = client.get(f"{VALUES}?after={cursor}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "after")


def test_the_number_of_queries_does_not_depend_on_the_number_of_values(client: Client, content: Any) -> None:
    for code in ("KG", "UZ", "TJ"):
        observe(
            make_indicator(f"TEST.{code}"), make_country(code), {f"2021-{month:02}-01": month for month in range(1, 9)}
        )
    assert queries(client, f"{VALUES}?limit=1") == queries(client, f"{VALUES}?limit=100") <= 3
    assert queries(client, f"{VALUES}metadata/?country=KG") == queries(client, f"{VALUES}metadata/") <= 6


def test_a_value_of_an_import_of_today_is_known_today_and_not_then(client: Client, content: Any) -> None:
    before = (IMPORTED - datetime.timedelta(seconds=1)).isoformat().replace("+", "%2B")
    at = IMPORTED.isoformat().replace("+00:00", "Z")
    assert shown(client, f"as_of={before}") == []
    assert len(shown(client, f"as_of={at}&country=GE")) == 5


def test_a_note_that_looks_like_a_formula_is_none_in_a_spreadsheet(client: Client, content: Any) -> None:
    Observation.objects.filter(origin="national").update(note="=HYPERLINK(0)")
    (line,) = lines(client, "format=csv&origin=national")
    assert line["note"] == "'=HYPERLINK(0)"
    (item,) = ask(client, "origin=national")["items"]
    assert item["note"] == "=HYPERLINK(0)"


@pytest.mark.parametrize("query", ["", "format=csv", "format=csv&limit=2", "limit=2&last=1", "as_of=2022-05-31"])
@pytest.mark.parametrize("address", [VALUES, f"{VALUES}metadata/"])
def test_figures_that_a_client_has_are_not_sent_again_until_they_change(
    client: Client, content: Any, address: str, query: str
) -> None:
    begin()
    settle()
    query = query if address == VALUES else "country=KZ"
    first = client.get(f"{address}?{query}")
    tag = first["ETag"]
    whole = first.getvalue() if first.streaming else first.content
    with CaptureQueriesContext(connection) as captured:
        again = client.get(f"{address}?{query}", headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again["ETag"], len(captured)) == (304, b"", tag, 1)
    assert ("s-maxage" in again["Cache-Control"], again["Vary"].split(", ")[0]) == (True, "Accept")
    fresh = client.get(f"{address}?{query}")
    assert (fresh.getvalue() if fresh.streaming else fresh.content) == whole, "a strong tag is of equal bytes"
    assert client.get(f"{address}?{query}&locale=ru", headers={"if-none-match": tag}).status_code == 200
    mark(Scope.OBJECT, f"indicators:{Observation.objects.earliest('pk').indicator_id}")
    waiting = client.get(f"{address}?{query}", headers={"if-none-match": tag})
    assert (waiting.status_code, "ETag" in waiting) == (200, False)


def test_the_moment_of_an_answer_gives_the_same_again(client: Client, content: Any) -> None:
    begin()
    settle()
    found = ask(client)
    moment = found["meta"]["as_of"].replace("+", "%2B")
    assert ask(client, f"as_of={moment}")["items"] == found["items"] != []
