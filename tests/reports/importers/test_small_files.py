"""Each published form in a few lines: what a profile makes of the oddities that its publisher is known for."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from cms.core.choices import Licence
from reports.choices import RejectReason, ScaleType
from reports.importers.catalogue import catalogue, definition_of, ensure
from reports.importers.places import english_names, places_by_code, places_by_name
from reports.models import Indicator, Observation
from taxonomy.models import Country, Organisation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

pytestmark = pytest.mark.django_db
REFERENCE = (
    "UID,iso2,iso3,Province_State,Country_Region",
    '1,KR,KOR,,"Korea, South"',
    '2,KR,KOR,Seoul,"Korea, South"',
    "3,,,,Diamond Princess",
    "4,XK,XKS,,Kosovo",
)


def values(code: str) -> list[tuple[str, str, Decimal | None]]:
    rows = Observation.objects.filter(indicator__code=code).order_by("country__alpha3", "period_start")
    return [(row.country.alpha3, row.period_start.isoformat(), row.value) for row in rows]


def test_johns_hopkins_names_countries_in_its_own_way(take: Take, write: Write) -> None:
    data = write(
        "data.csv",
        "Date,Country,Confirmed,Recovered,Deaths",
        '2020-02-29,"Korea, South",3150,27,16',
        "2020-02-29,Diamond Princess,705,0,6",
        "2020-02-29,Kosovo,1,0,0",
        "2020-02-29,Korea,1,0,0",
    )
    (report,) = take("jhu", write("reference.csv", *REFERENCE), data)
    assert report.left_out == {"no-place": 1, "no-code": 1}
    assert [(one.line, one.value, one.reason) for one in report.rejects] == [(5, "Korea", RejectReason.COUNTRY)]
    assert values("JHU.DEATHS") == [("KOR", "2020-02-29", Decimal(16))]


def test_our_world_in_data_mixes_countries_with_the_world(take: Take, write: Write) -> None:
    book = write(
        "codebook.csv",
        "\ufeffcolumn,source,category,description",
        "total_cases,CSSE,Confirmed cases,All cases.",
        'new_cases_per_million,CSSE,Confirmed cases,"New cases,\nper million people."',
        "population,UN,Others,People.",
    )
    data = write(
        "data.csv",
        "iso_code,continent,location,date,total_cases,new_cases_per_million,population,tests_units",
        "KAZ,Asia,Kazakhstan,2020-03-13,2,0.106,18000000,people tested",
        "KAZ,Asia,Kazakhstan,2020-03-14,,,18000000,",
        "OWID_WRL,,World,2020-03-13,150000,1,7700000000,",
        ",,International,2020-03-13,700,,,",
        ",,,2020-03-13,1,,,",
    )
    (report,) = take("owid", data, book)
    assert report.left_out == {"aggregate": 1, "no-place": 1, "background": 1, "description": 2}
    assert [(one.line, one.column, one.reason) for one in report.rejects] == [(6, "iso_code", RejectReason.COUNTRY)]
    assert values("OWID.TOTAL_CASES") == [("KAZ", "2020-03-13", Decimal(2))]
    rate = Indicator.objects.get(code="OWID.NEW_CASES_PER_MILLION")
    assert (rate.scale_type, rate.decimals, rate.licence) == (ScaleType.RATE, 3, Licence.CC_BY)
    assert rate.labels.get(language="en").definition == "New cases,\nper million people."


def test_the_tracker_flags_what_holds_for_a_part_only(take: Take, write: Write) -> None:
    header = '"","country_code","country_name","31Jan2020","01Feb2020","02Feb2020","03Feb2020"'
    data = write("c6_stay_at_home_requirements.csv", header, '"1","KAZ","Kazakhstan","0","1","2","NA"')
    flags = write("c6_flag.csv", header, '"1","KAZ","Kazakhstan","","0","1","1"')
    (report,) = take("oxcgrt", flags, data)
    assert (report.added, report.rejected) == (3, 0)
    rows = Observation.objects.order_by("period_start").values_list("value", "scope")
    assert list(rows) == [(Decimal(0), ""), (Decimal(1), "0"), (Decimal(2), "1")]


def test_a_flag_that_changes_is_a_revision(take: Take, write: Write) -> None:
    header = ",country_code,country_name,31Jan2020,01Feb2020"
    data = write("c6_stay_at_home_requirements.csv", header, "1,KAZ,Kazakhstan,1,1")
    take("oxcgrt", data, write("c6_flag.csv", header, "1,KAZ,Kazakhstan,0,1"))
    (report,) = take("oxcgrt", data, write("c6_flag.csv", header, "1,KAZ,Kazakhstan,1,1"))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)


def package(*fields: dict[str, Any]) -> str:
    listed = [{"name": "Entity"}, {"name": "Year"}]
    listed += [one | {"owidDisplaySettings": json.dumps(one.get("owidDisplaySettings", {}))} for one in fields]
    described = {"id": 7, "title": "Set", "sources": [{"name": "Office"}]}
    return json.dumps(described | {"resources": [{"schema": {"fields": listed}}]})


def test_a_package_of_years(take: Take, write: Write) -> None:
    description = write("datapackage.json", package({"name": "Share", "owidDisplaySettings": {"unit": "%"}}))
    data = write("data.csv", "Entity,Year,Share", "Czech Republic,2019,12.5", "Europe,2019,3", "Scotland,2019,4")
    (report,) = take("owid-package", data, description)
    assert report.left_out == {"aggregate": 1, "subnational": 1}
    assert values("OWID.7.SHARE") == [("CZE", "2019-01-01", Decimal("12.5"))]
    share = Indicator.objects.get()
    assert (share.frequency, share.scale_type) == ("A", ScaleType.PERCENT)
    assert share.labels.get().attribution == "Office; published by Our World in Data, CC BY 4.0"


def test_a_package_of_days_before_and_after_its_day_zero(take: Take, write: Write) -> None:
    settings = {"yearIsDay": True, "zeroDay": "2020-01-21"}
    description = write("datapackage.json", package({"name": "Patients", "owidDisplaySettings": settings}))
    data = write("data.csv", "Entity,Year,Patients", "Algeria,-1,5", "Algeria,0,6", "Algeria,10.5,7")
    (report,) = take("owid-package", description, data)
    assert [(one.line, one.value, one.reason) for one in report.rejects] == [(4, "10.5", RejectReason.DATE)]
    assert [day for _country, day, _value in values("OWID.7.PATIENTS")] == ["2020-01-20", "2020-01-21"]


def test_fields_that_begin_on_different_days_are_refused(take: Take, write: Write) -> None:
    days = [{"yearIsDay": True, "zeroDay": day} for day in ("2020-01-01", "2020-01-21")]
    fields = [{"name": name, "owidDisplaySettings": one} for name, one in zip("ab", days, strict=True)]
    with pytest.raises(Exception, match="do not agree on one day zero"):
        take(
            "owid-package",
            write("datapackage.json", package(*fields)),
            write("data.csv", "Entity,Year,a,b", "Algeria,1,2,3"),
        )


def test_a_row_that_is_neither_of_a_week_nor_of_a_month_is_rejected(take: Take, write: Write) -> None:
    settings = {"yearIsDay": True, "zeroDay": "2020-01-01"}
    description = write("datapackage.json", package({"name": "Deaths", "owidDisplaySettings": settings}))
    lines = ["Albania,30,1,monthly", "Austria,4,2,weekly", "Belgium,4,3,daily"]
    (report,) = take("owid-package", description, write("data.csv", "Entity,Year,Deaths,time_unit", *lines))
    assert values("OWID.7.DEATHS") == [("ALB", "2020-01-01", Decimal(1)), ("AUT", "2019-12-30", Decimal(2))]
    assert [(one.line, one.reason) for one in report.rejects] == [(4, RejectReason.DATE)]


def test_numbers_are_rounded_before_they_are_compared(take: Take, write: Write) -> None:
    header = "Country Name,Country Code,Year,Value"
    take("worldbank", write("gdp.csv", header, "Kazakhstan,KAZ,2018,1.23456749", "Georgia,GEO,2018,1e3"))
    again = write("gdp.csv", header, "Kazakhstan,KAZ,2018,1.234567491", "Georgia,GEO,2018,1000.0000001")
    (report,) = take("worldbank", again)
    assert (report.changed, report.unchanged) == (0, 2)
    assert values("WB.NY.GDP.MKTP.CD")[1] == ("KAZ", "2018-01-01", Decimal("1.234567"))


@pytest.mark.usefixtures("countries")
class TestPlaces:
    def test_a_name_of_cldr_of_iso_and_of_the_publisher_mean_the_same(self) -> None:
        names = english_names()
        assert names["Czechia"] == names["Czech Republic"] == "CZE"
        assert names["Türkiye"] == "TUR"
        assert names["South Korea"] == names["Korea, Republic of"] == "KOR"

    def test_every_name_leads_to_a_country_of_the_vocabulary_or_to_kosovo(self) -> None:
        known = set(Country.objects.values_list("alpha3", flat=True))
        assert set(english_names().values()) - known == {"XKX"}

    def test_what_is_no_country_is_left_out_and_what_is_unknown_is_neither(self) -> None:
        by_code, by_name = places_by_code({}), places_by_name({"Kosovo": "XKX", "Atlantis": "ATL"}, {})
        assert by_code.left_out.keys() >= {"XKX", "XKS", "RKS"}
        assert "KAZ" in by_code.countries
        assert by_name.left_out.keys() == {"Kosovo"}
        assert "Atlantis" not in by_name.countries


@pytest.mark.usefixtures("countries")
class TestCatalogue:
    def test_every_indicator_can_be_made(self) -> None:
        definitions = {code: definition_of(code) for code in catalogue()["indicators"]}
        found = ensure({code: one for code, one in definitions.items() if one})
        assert set(found) == set(definitions)
        for indicator in Indicator.objects.all():
            indicator.full_clean()
            label = indicator.labels.get(language="en")
            assert label.definition
            assert label.attribution
        assert Organisation.objects.get(code="world-bank").label == "World Bank"

    def test_scales_begin_with_zero_and_have_a_label_for_each_value(self) -> None:
        ordinal = [code for code, one in catalogue()["indicators"].items() if one["scale_type"] == "ordinal"]
        assert len(ordinal) == 16
        found = ensure({code: one for code in ordinal if (one := definition_of(code))})
        assert found["OXCGRT.H7"].scale == frozenset(range(6))

    def test_what_is_there_is_not_made_again(self) -> None:
        wanted = {code: one for code in ("JHU.DEATHS", "JHU.CONFIRMED") if (one := definition_of(code))}
        assert ensure(wanted) == ensure(wanted)
        assert Indicator.objects.count() == 2


def test_days_of_today_are_taken_and_those_of_tomorrow_are_not(take: Take, write: Write) -> None:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    days = [today, today + datetime.timedelta(days=2)]
    lines = [f'{day},"Korea, South",1,1,1' for day in days]
    (report,) = take(
        "jhu", write("data.csv", "Date,Country,Confirmed,Recovered,Deaths", *lines), write("reference.csv", *REFERENCE)
    )
    assert [(one.line, one.reason) for one in report.rejects] == [(3, RejectReason.DATE_RANGE)]
    assert report.added == 3
