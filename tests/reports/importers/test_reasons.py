"""Every reason to refuse a part of a file, and the line, the column and the value that are named with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pycountry
import pytest

from reports.choices import Frequency, LeftOut, RejectReason
from reports.importers.places import CODES_OF_KOSOVO, OTHER_NAMES, english_names, places_by_code, places_by_name
from reports.importers.profiles import owid, packages, worldbank
from reports.models import Measure, MeasureText, Observation
from taxonomy.cldr import territory_names
from taxonomy.models import Country
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country
from tests.reports.importers.test_columns import MEASURE, MEASURES, WORLD_BANK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

NATIONAL = "indicator,country,period,value,status,note"
CLOSING = ",country_code,country_name,30Jan2020,31Jan2020"
FILES = {
    "worldbank": ("gdp.csv", WORLD_BANK),
    "template": ("figures.csv", NATIONAL),
    "cccsl": ("measures.csv", MEASURES),
    "oxcgrt": ("c1_school_closing.csv", CLOSING),
}
Place = tuple[int, str, str]


class Case(NamedTuple):
    """Rows below the header of a form, and where what is wrong in them is found: (line, column, value)."""

    profile: str
    rows: tuple[str, ...]
    places: tuple[Place, ...]


GOOD = "Kazakhstan,KAZ,2018,10"
CASES: dict[RejectReason, list[Case]] = {
    RejectReason.SHORT_ROW: [
        Case("worldbank", (GOOD, "Georgia", GOOD.replace("2018", "2017")), ((3, "", ""),)),
        Case("oxcgrt", ("1,KAZ,Kazakhstan,1",), ((2, "", ""),)),
        Case("cccsl", (MEASURE[:-1],), ((2, "", ""),)),
        Case("worldbank", ("World,WLD,2018",), ((2, "", ""),)),
    ],
    RejectReason.LONG_ROW: [
        Case("worldbank", (f"{GOOD},", f"{GOOD},5,6"), ((2, "", ""), (3, "", ""))),
        Case("template", ("NAT.STAFF,KZ,2020,7,,note, with a comma",), ((2, "", ""),)),
    ],
    RejectReason.COUNTRY: [
        Case("worldbank", ("Kazakhstan,KZ,2018,10", "x,,2018,1"), ((2, "Country Code", "KZ"), (3, "Country Code", ""))),
        Case("template", ("NAT.STAFF,kz,2020,7,,",), ((2, "country", "kz"),)),
        Case("template", (f"NAT.STAFF,{'x' * 150},2020,7,,",), ((2, "country", "x" * 100),)),
        Case("oxcgrt", ("1,ZZX,Nowhere,1,1",), ((2, "country_code", "ZZX"),)),
    ],
    RejectReason.INDICATOR: [
        Case(
            "template", ("NAT.NONE,KZ,2020,7,,", ",KZ,2020,7,,"), ((2, "indicator", "NAT.NONE"), (3, "indicator", ""))
        ),
        Case("template", ("nat.staff,KZ,2020,7,,",), ((2, "indicator", "nat.staff"),)),
    ],
    RejectReason.DATE: [
        Case("worldbank", ("Kazakhstan,KAZ,2018-01,10",), ((2, "Year", "2018-01"),)),
        Case("template", ("NAT.STAFF,KZ,2020-W01,7,,",), ((2, "period", "2020-W01"),)),
        Case("template", ("NAT.STAFF,KZ,2020-01-02,7,,",), ((2, "period", "2020-01-02"),)),
        Case("cccsl", (MEASURE.replace("2020-03-16", "2020-03-32"),), ((2, "Date", "2020-03-32"),)),
    ],
    RejectReason.DATE_RANGE: [
        Case(
            "worldbank", ("Kazakhstan,KAZ,1799,10", "Kazakhstan,KAZ,9999,1"), ((2, "Year", "1799"), (3, "Year", "9999"))
        ),
        Case("cccsl", (MEASURE.replace("2020-03-16", "2999-03-16"),), ((2, "Date", "2999-03-16"),)),
    ],
    RejectReason.NUMBER: [
        Case("worldbank", ("Kazakhstan,KAZ,2018, 10",), ((2, "Value", " 10"),)),
        Case("oxcgrt", ("1,KAZ,Kazakhstan,one,.",), ((2, "30Jan2020", "one"), (2, "31Jan2020", "."))),
        Case("template", ("NAT.STAFF,KZ,2020,@SUM(A1),,",), ((2, "value", "@SUM(A1)"),)),
    ],
    RejectReason.TOO_LARGE: [
        Case("worldbank", ("Kazakhstan,KAZ,2018,1e18",), ((2, "Value", "1e18"),)),
        Case("template", (f"NAT.STAFF,KZ,2020,-{'9' * 150},,",), ((2, "value", f"-{'9' * 99}"),)),
    ],
    RejectReason.SCALE: [
        Case("oxcgrt", ("1,KAZ,Kazakhstan,4,-1",), ((2, "30Jan2020", "4"), (2, "31Jan2020", "-1"))),
        Case("oxcgrt", ("1,KAZ,Kazakhstan,0.5,3",), ((2, "30Jan2020", "0.5"),)),
    ],
    RejectReason.STATUS: [
        Case(
            "template", ("NAT.STAFF,KZ,2020,7,a,", "NAT.STAFF,KZ,2021,7,AA,"), ((2, "status", "a"), (3, "status", "AA"))
        )
    ],
    RejectReason.NO_VALUE: [
        Case("template", ("NAT.STAFF,KZ,2020,7,M,", "NAT.STAFF,KZ,2021,,P,"), ((2, "status", "M"), (3, "status", "P")))
    ],
    RejectReason.NOTE: [
        Case(
            "template",
            (f"NAT.STAFF,KZ,2020,7,,{'ә' * 256}", f"NAT.STAFF,KZ,2021,7,,{'ә' * 255}"),
            ((2, "note", "ә" * 100),),
        )
    ],
    RejectReason.DUPLICATE: [
        Case("worldbank", (GOOD, f"{GOOD}.50"), ((2, "Value", "10"), (3, "Value", "10.5"))),
        Case(
            "oxcgrt",
            ("1,KAZ,Kazakhstan,1,NA", "2,KAZ,Kazakhstan,1,2"),
            ((2, "30Jan2020", "1"), (3, "30Jan2020", "1"), (2, "31Jan2020", ""), (3, "31Jan2020", "2")),
        ),
        Case("cccsl", (MEASURE, MEASURE), ((3, "id", "7"),)),
    ],
    RejectReason.FORMULA: [
        Case("worldbank", ("Kazakhstan,KAZ,2018,=1+1",), ((2, "Value", "=1+1"),)),
        Case("oxcgrt", ("1,KAZ,Kazakhstan,=A1,1",), ((2, "30Jan2020", "=A1"),)),
    ],
    RejectReason.TEXT: [
        Case("cccsl", (MEASURE.replace("AUT,", f"AUT,{'x' * 256}"),), ((2, "Region", "x" * 100),)),
        Case(
            "cccsl", (f"{MEASURE}https://example.org/{'x' * 500}",), ((2, "Source", f"https://example.org/{'x' * 80}"),)
        ),
    ],
    RejectReason.CATEGORY: [
        Case(
            "cccsl",
            (MEASURE.replace("Social", "Asocial"),),
            ((2, "Measure_L2", "Closure of educational institutions"),),
        )
    ],
}
# The others need more than a file: an unknown column, the choice of a country, an edited record.
APART = {RejectReason.COLUMN, RejectReason.OTHER_COUNTRY, RejectReason.EDITED}


def found(report: FileReport) -> list[tuple[int, str, str, RejectReason]]:
    return [(one.line, one.column, one.value, one.reason) for one in report.rejects]


def test_there_is_a_case_for_every_reason() -> None:
    assert set(CASES) | APART == set(RejectReason)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "number"), [(reason, number) for reason, cases in CASES.items() for number in range(len(cases))]
)
def test_what_is_refused_is_named_by_line_column_and_value(
    take: Take, write: Write, reason: RejectReason, number: int
) -> None:
    case = CASES[reason][number]
    make_indicator("NAT.STAFF", frequency=Frequency.ANNUAL)
    name, header = FILES[case.profile]
    encoding = "cp1252" if case.profile == "cccsl" else "utf-8"
    (report,) = take(case.profile, write(name, header, *case.rows, encoding=encoding))
    assert sorted(found(report)) == sorted((*place, reason) for place in case.places)
    assert report.rejected == len(case.places)
    assert report.rows == len(case.rows)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("Nowhere,ZZZ,1700", "", RejectReason.SHORT_ROW),
        ("Nowhere,ZZZ,1700,x,y", "", RejectReason.LONG_ROW),
        ("Nowhere,ZZZ,1700,x", "Country Code", RejectReason.COUNTRY),
        ("Georgia,GEO,1700,x", "Country Code", RejectReason.OTHER_COUNTRY),
        ("Kazakhstan,KAZ,17,x", "Year", RejectReason.DATE),
        ("Kazakhstan,KAZ,1700,x", "Year", RejectReason.DATE_RANGE),
        ("Kazakhstan,KAZ,2018,=x", "Value", RejectReason.FORMULA),
    ],
)
def test_of_several_reasons_the_first_that_has_to_be_mended_is_said(
    take: Take, write: Write, row: str, column: str, reason: RejectReason
) -> None:
    only = make_country("KZ").pk
    (report,) = take("worldbank", write("gdp.csv", WORLD_BANK, row, GOOD), only_country=only)
    assert [(one.line, one.column, one.reason) for one in report.rejects] == [(2, column, reason)]
    assert report.added == 1


@pytest.mark.django_db
def test_what_is_left_out_is_left_out_whatever_stands_in_it(take: Take, write: Write) -> None:
    rows = "World,WLD,no year,x", "Channel Islands,CHI,,", "Kosovo,XKX,2999,=1", GOOD
    (report,) = take("worldbank", write("gdp.csv", WORLD_BANK, *rows), only_country=make_country("KZ").pk)
    assert (report.left_out, report.rejected, report.added) == ({"aggregate": 1, "no-code": 2}, 0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"title": "Another title"}, {"description": "Another text"}])
def test_a_measure_that_was_edited_and_revised_is_named_and_left_alone(
    take: Take, write: Write, change: dict[str, str]
) -> None:
    take("cccsl", write("measures.csv", MEASURES, MEASURE, encoding="cp1252"))
    MeasureText.objects.update(**change)
    revised = MEASURE.replace("2020-03-16", "2020-03-17")
    (report,) = take("cccsl", write("measures.csv", MEASURES, revised, encoding="cp1252"))
    assert found(report) == [(2, "id", "7", RejectReason.EDITED)]
    assert Measure.objects.get().start.isoformat() == "2020-03-16"
    assert not Observation.objects.exists()


class TestPlaces:
    @pytest.mark.one_database
    def test_no_code_of_an_aggregate_is_that_of_a_country(self) -> None:
        countries = {country.alpha_3 for country in pycountry.countries}
        others = {*worldbank.AGGREGATES.split(), worldbank.CHANNEL_ISLANDS, *CODES_OF_KOSOVO}
        others |= {*owid.AGGREGATES.split(), *owid.PARTS, *owid.NO_CODES, owid.INTERNATIONAL_CODE}
        assert not others & countries
        assert len(worldbank.AGGREGATES.split()) == len(set(worldbank.AGGREGATES.split()))

    @pytest.mark.one_database
    def test_no_name_of_an_aggregate_is_that_of_a_country(self) -> None:
        assert not set(packages.LEFT_OUT) & set(english_names())

    @pytest.mark.one_database
    def test_each_country_is_found_by_the_name_that_readers_see(self) -> None:
        names, shown = english_names(), territory_names("en")
        for country in pycountry.countries:
            assert names[country.name] == country.alpha_3
            if country.alpha_2 in shown:
                assert names[shown[country.alpha_2]] == country.alpha_3

    @pytest.mark.one_database
    def test_the_names_of_a_publisher_add_to_the_others_and_contradict_none(self) -> None:
        known = {country.name: country.alpha_3 for country in pycountry.countries}
        assert not {name for name, code in OTHER_NAMES.items() if known.get(name, code) != code}

    @pytest.mark.django_db
    @pytest.mark.usefixtures("countries")
    def test_what_is_a_country_of_the_vocabulary_is_never_left_out(self) -> None:
        by_code = places_by_code(dict.fromkeys(("KAZ", "WLD"), LeftOut.AGGREGATE))
        by_name = places_by_name({"Kazakhstan": "KAZ"}, dict.fromkeys(("Kazakhstan", "World"), LeftOut.AGGREGATE))
        assert ("KAZ" in by_code.left_out, "WLD" in by_code.left_out) == (False, True)
        assert by_name.left_out == {"World": LeftOut.AGGREGATE}
        assert by_name.countries == {"Kazakhstan": Country.objects.get(alpha3="KAZ").pk}
