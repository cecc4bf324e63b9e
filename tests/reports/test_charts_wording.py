"""What charts say in words, and that names which people type in stay words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from django.utils import translation

from cms.core.blocks import ChartType, IndicatorChartBlock
from reports import wording
from reports.charts import Form, charts_for
from reports.vega.files import standalone
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import add_labels, make_country
from tests.reports.drawn import drawn, make_chart, months, ordinal

if TYPE_CHECKING:
    from django.test import Client

    from reports.models import Indicator

HOSTILE = "A <script>alert(1)</script> & \"b\" 'c' url(#x) var(--x) {{ d }} \N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture
def indicator(db: None) -> Indicator:
    found = make_indicator("WB.POP", labels={"en": "Population", "kk": "Халық саны"}, frequency="A", decimals=0)
    for number, code in enumerate(["KZ", "GE", "UZ", "MN", "TJ", "KG", "AM"]):
        observe(found, make_country(code), {"2019-01-01": 100 * number, "2020-01-01": 110 * number})
    observe(found, make_country("AZ"), {"2018-01-01": 5})
    return found


def test_a_map_is_described_by_its_ends(indicator: Indicator) -> None:
    (chart,) = charts_for([indicator], [], Form(chart_type=ChartType.MAP))
    text = wording.description(chart)
    assert text.startswith("Newest values of 8 countries. Highest: Armenia (660), Kyrgyzstan (550),")
    assert "Lowest: Kazakhstan (0), Azerbaijan (5), Georgia (110)," in text
    assert len(text) < 400


def test_the_title_of_a_chart_names_countries_of_a_map_their_number(indicator: Indicator) -> None:
    places = [make_country("KZ"), make_country("GE")]
    (lines,), (world,) = (
        charts_for([indicator], places, Form()),
        charts_for([indicator], [], Form(chart_type=ChartType.MAP)),
    )
    assert wording.title(lines).startswith("Population · Kazakhstan, Georgia · points · 2019")
    assert wording.title(world).startswith("Population · Newest values of 8 countries · points · 2018")
    with translation.override("kk"):
        assert wording.title(lines).startswith("Халық саны · Қазақстан, Грузия")


def test_bars_name_the_time_of_what_they_show(indicator: Indicator) -> None:
    places = [make_country("KZ"), make_country("GE")]
    (bars,) = charts_for([indicator], places, Form(chart_type=ChartType.BAR))
    assert wording.time_shown(bars) == "2020"
    (older,) = charts_for([indicator], [*places, make_country("AZ")], Form(chart_type=ChartType.BAR))
    assert wording.time_shown(older).startswith("2018")


@pytest.mark.parametrize("chart_type", ["line", "bar", "multiples", "map"])
def test_hostile_names_are_words_in_every_drawing(db: None, chart_type: str) -> None:
    found = ordinal("X.HOSTILE", levels=1, labels={"en": HOSTILE}) if chart_type == "line" else make_indicator()
    countries = {"KZ": months(0, 1), "GE": months(1, 1)} if chart_type != "line" else {"KZ": months(0, 1)}
    add_labels(make_country("KZ"), {"en": HOSTILE})
    chart = make_chart(found, countries, chart_type)
    for picture, drawing in zip(chart.pictures, drawn(chart), strict=True):
        svg = standalone(picture, "en", HOSTILE, HOSTILE)
        root = ElementTree.fromstring(svg)  # noqa: S314 - drawn here
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            *("svg", "title", "desc", "rect", "g", "path", "line", "text", "defs", "pattern"),
        }
        assert "<script" not in picture.markup
        words = " ".join([*drawing.words(), *(mark["title"] for mark in drawing.marks)])
        assert "script" in words or picture.name == "narrow"


def test_programs_find_the_values_and_the_drawings_of_a_block(client: Client, indicator: Indicator) -> None:
    definition = IndicatorChartBlock()
    value = {"indicators": [indicator.pk], "countries": [], "start": None, "end": None, "note": ""}
    json = definition.get_api_representation(definition.to_python(value | {"chart_type": "map"}))
    assert json["data"] == ["http://testserver/en/data/WB.POP.csv"]
    assert json["pictures"] == ["http://testserver/en/data/WB.POP/chart.svg?chart=map"]
    for address in json["data"] + json["pictures"]:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200
    table = definition.get_api_representation(definition.to_python(value | {"chart_type": "table"}))
    assert table["pictures"] == []
