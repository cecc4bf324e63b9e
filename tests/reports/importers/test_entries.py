"""National figures typed in: judged at once like a file of the platform's own form, kept together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from cms.users.choices import Role
from cms.users.services import install_roles
from reports.choices import Origin
from reports.models import ImportRun, Indicator, Observation
from taxonomy.models import Country
from tests.contracts.test_permission_matrix import NOBODY, enter, make_member
from tests.contracts.test_rights import is_refused
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
URL = "statistics_enter"
FORMS = {"form-TOTAL_FORMS": "12", "form-INITIAL_FORMS": "0"}


@pytest.fixture(scope="module")
def staff(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    """A focal point of Kazakhstan, a data manager, and others."""

    def make() -> None:
        install_roles()
        kazakhstan, _georgia = make_country("KZ"), make_country("GE")
        observe(make_indicator("NAT.STAFF", frequency="A", decimals=1), kazakhstan, {"2020-01-01": 6})
        for role in (Role.FOCAL_POINT, Role.DATA_MANAGER, Role.EDITOR, NOBODY):
            make_member(role, kazakhstan)

    made_once(make)


@pytest.fixture
def send(client: Client, staff: None) -> Callable[..., Any]:
    """Send rows (period, value, status, note) in somebody's role; the answer."""

    def send_rows(*rows: tuple[str, ...], role: str = Role.FOCAL_POINT, country: str = "KZ", **facts: Any) -> Any:
        enter(client, role)
        data = {"country": Country.objects.get(code=country).pk, "indicator": Indicator.objects.get().pk, **FORMS}
        for number, row in enumerate(rows):
            for name, text in zip(("period", "value", "status", "note"), row, strict=False):
                data[f"form-{number}-{name}"] = text
        return client.post(reverse(URL), data | facts)

    return send_rows


def errors(answer: Any) -> dict[str, str]:
    """What is wrong, by the name of the input beside which it stands."""
    assert answer.status_code == 200, "the form is shown again"
    soup = BeautifulSoup(answer.content, "html5lib")
    listed = soup.select("td .w-field__errors")
    return {str(one["id"]).removeprefix("id_").removesuffix("_error"): one.text for one in listed}


def national() -> dict[int, Any]:
    return {row.period_start.year: row.value for row in Observation.objects.current(Origin.NATIONAL)}


def test_a_focal_point_types_in_figures_that_stand_beside_the_international_ones(
    client: Client, send: Callable[..., Any]
) -> None:
    answer = send(("2020", "7", "", "Census"), ("", "", "", ""), ("2021", "7.5", "P", ""))
    assert national() == {2020: 7, 2021: 7.5}
    assert Observation.objects.current().get().value == 6
    run = ImportRun.objects.get()
    assert (run.user.username, run.profile, run.added) == (str(Role.FOCAL_POINT), "template", 2)  # type: ignore[union-attr]  # it has one
    shown = BeautifulSoup(client.get(answer.url).content, "html5lib")
    assert "New figures: 2; changed: 0; unchanged: 0." in shown.text
    rows = shown.select("table")[-1].select("tbody tr")
    cells = [[cell.get_text(strip=True) for cell in row.select("td")] for row in rows]
    assert cells == [["2021", "7.5", "Provisional value", ""], ["2020", "7.0", "Normal value", "Census"]]
    assert shown.select_one("select[name=country] option[selected]").text == "Kazakhstan"  # type: ignore[union-attr]  # asserted


def test_a_figure_for_the_same_period_replaces_the_earlier_one_and_keeps_its_past(send: Callable[..., Any]) -> None:
    send(("2020", "7"), ("2021", "8"))
    send(("2020", "7"), ("2021", "9"), ("2022", "", "M"))
    assert national() == {2020: 7, 2021: 9}, "where there was no figure, none is no news"
    past: Any = Observation.objects.of_origin(Origin.NATIONAL).exclude(valid_to=None)
    assert [(row.period_start.year, row.value) for row in past] == [(2021, 8)]


def test_a_figure_is_withdrawn_by_an_empty_value(send: Callable[..., Any]) -> None:
    send(("2020", "0"))
    send(("2020", "", "M", "Counted anew"))
    assert national() == {2020: None}


@pytest.mark.parametrize(
    ("row", "name", "sentence"),
    [
        (("5/24/2020", "1"), "period", "Not a date"),
        (("2020-01", "1"), "period", "Not a date"),
        (("2999", "1"), "period", "future"),
        (("", "1"), "period", "Not a date"),
        (("2020", "3,5"), "value", "Not a number"),
        (("2020", "1e400"), "value", "18 digits"),
        (("2020", "NaN"), "value", "Not a number"),
        (("2020", "=1+1"), "value", "formula"),
        (("2020", "١٢"), "value", "Not a number"),
        (("2020", "1", "M"), "status", "has another"),
        (("2020", "1", "Q"), "status", "Select a valid choice"),
        (("2020", "1", "", "x" * 256), "note", "255 characters"),
        (("2020", "1", "", "a\0b"), "note", "Null characters"),
        (("2021", "8"), "value", "several values"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_kept(
    send: Callable[..., Any], row: tuple[str, ...], name: str, sentence: str
) -> None:
    answer = send(("2021", "8"), ("", ""), row)
    found = errors(answer)
    assert sentence in found[f"form-2-{name}"]
    assert national() == {}
    assert not ImportRun.objects.exists()
    kept = BeautifulSoup(answer.content, "html5lib").select_one("input[name=form-0-value]")
    assert kept is not None
    assert kept["value"] == "8", "what was typed in is not lost"


@pytest.mark.parametrize("row", [("2020", "1", "", 'A "quoted", note;\nin two lines'), (" 2020 ", " 1 ", "", "a\x1eb")])
def test_what_is_unusual_and_clear_is_taken(send: Callable[..., Any], row: tuple[str, ...]) -> None:
    send(row)
    figure: Any = Observation.objects.current(Origin.NATIONAL).get()
    assert (figure.value, figure.note) == (1, " ".join(row[3].split()))


def test_nothing_is_no_figure(send: Callable[..., Any]) -> None:
    assert "Enter at least one figure." in send().content.decode()
    assert not ImportRun.objects.exists()


def test_more_rows_than_there_are_do_not_count(send: Callable[..., Any]) -> None:
    forms = {"form-TOTAL_FORMS": "2000", "form-1500-period": "2021", "form-1500-value": "1"}
    send(("2020", "1"), **forms)
    assert 2021 not in national()


def test_a_focal_point_types_in_nothing_of_other_countries(client: Client, send: Callable[..., Any]) -> None:
    answer = send(("2020", "1"), country="GE")
    assert answer.status_code == 200
    assert national() == {}
    options = BeautifulSoup(answer.content, "html5lib").select("select[name=country] option[value]:not([value=''])")
    assert [option.text for option in options] == ["Kazakhstan"]
    assert send(("2020", "1"), country="GE", role=Role.DATA_MANAGER).status_code == 302
    assert Observation.objects.current(Origin.NATIONAL).get().country.code == "GE"


@pytest.mark.parametrize("role", [Role.EDITOR, NOBODY])
def test_who_may_not_send_figures_types_in_none(client: Client, send: Callable[..., Any], role: str) -> None:
    assert is_refused(send(("2020", "1"), role=role))
    assert is_refused(client.get(reverse(URL)))
    assert national() == {}


@pytest.mark.parametrize("query", ["", "?country=0&indicator=x", "?country=999999999999999999999&indicator=1"])
def test_the_form_opens_whatever_it_is_asked_for(client: Client, staff: None, query: str) -> None:
    enter(client, Role.FOCAL_POINT)
    answer = client.get(f"{reverse(URL)}{query}")
    assert answer.status_code == 200
    labels = BeautifulSoup(answer.content, "html5lib").select("td label")
    assert len({label["for"] for label in labels}) == 48
