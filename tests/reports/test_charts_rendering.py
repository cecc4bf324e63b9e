"""From a specification to SVG: valid, harmless, drawn once, and without the renderer a table."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
import vl_convert
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings
from django.utils import translation

from cms.core.blocks import ChartType
from reports.tasks import draw_charts
from reports.vega.drawings import specifications
from reports.vega.rendering import CACHE, DrawingError, clean, draw, key_of, render
from reports.vega.sheets import Specification, sheets
from tests.factories.pages import make_standard_page
from tests.factories.statistics import make_indicator, observe, revise
from tests.factories.vocabularies import make_country
from tests.reports.drawn import make_chart, months, ordinal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bs4 import BeautifulSoup
    from django.test import Client

    from reports.charts import Chart

COUNTRIES = {"KZ": months(1, None, 3), "GE": months(2, 0, 2), "AM": {}}


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    caches[CACHE].clear()


def charts() -> dict[str, Chart]:
    """A chart of every kind of drawing."""
    one = {"KZ": COUNTRIES["KZ"]}
    found = {
        f"{kind} of one": make_chart(make_indicator(f"X.ONE.{kind}"), one, kind) for kind in ("line", "area", "bar")
    }
    found |= {
        f"{kind} of several": make_chart(make_indicator(f"X.{kind}"), COUNTRIES, kind)
        for kind in ("line", "bar", "multiples", "map")
    }
    found["steps"] = make_chart(ordinal("X.STEP"), one, ChartType.STEP)
    found["levels"] = make_chart(ordinal("X.LEVELS"), COUNTRIES)
    return found


@pytest.fixture
def chart(db: None) -> Chart:
    return make_chart(make_indicator(), {"KZ": months(1, 2, 3)})


def test_every_kind_of_chart_is_a_valid_specification(db: None, capfd: pytest.CaptureFixture[str]) -> None:
    """Vega-Lite compiles each without a warning, to Vega that draws the same."""
    for name, chart in charts().items():
        for specification in specifications(chart):
            assert json.dumps(specification.spec, allow_nan=False), name
            vega = vl_convert.vegalite_to_vega(specification.spec, vl_version="6.4", show_warnings=True)
            assert vega["marks"], name
            assert clean(vl_convert.vega_to_svg(vega, allowed_base_urls=[])) == clean(render(specification)), name
    assert "WARN" not in capfd.readouterr().err


def test_a_drawing_has_the_size_of_its_sheet_and_no_metadata(db: None) -> None:
    for name, chart in charts().items():
        for picture in chart.pictures:
            assert picture.width in {736, 344}, name
            assert not any(word in picture.markup for word in ("aria-", "class=", " style=", "font-family", "xmlns")), (
                name
            )


def test_what_was_drawn_is_not_drawn_again(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw(specifications(chart))
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda *_args, **_options: pytest.fail("drawn again"))
    assert draw(specifications(chart)) == first


def test_other_figures_words_and_sizes_are_another_drawing(chart: Chart) -> None:
    keys = [key_of(one) for one in specifications(chart)]
    with translation.override("kk"):
        keys += [key_of(one) for one in specifications(chart)]
    (last,) = observe(chart.indicator, make_country("KZ"), {"2021-04-01": 4})
    keys += [key_of(one) for one in specifications(make_chart(chart.indicator, {"KZ": {}}))]
    revise(last, 9)
    keys += [key_of(one) for one in specifications(make_chart(chart.indicator, {"KZ": {}}))]
    assert len(set(keys)) == len(keys) == 8


def test_nothing_is_fetched_from_elsewhere() -> None:
    spec = {"data": {"url": "https://example.org/values.csv"}, "mark": "line", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(DrawingError, match="not allowed"):
        render(Specification(sheets(100, 100)[0], spec))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>g { fill: red }</style>",
        "<foreignObject/>",
        "<image href='https://example.org/x.png'/>",
        "<g><a href='https://example.org'><text>x</text></a></g>",
        "<g><use href='#x'/></g>",
        "<animate attributeName='x'/>",
    ],
)
def test_elements_that_are_no_marks_are_refused(inside: str) -> None:
    with pytest.raises(DrawingError, match="unexpected element"):
        clean(f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>")


@pytest.mark.parametrize("svg", ["", "<svg", "<svg><g></svg>", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;&c;</svg>"])
def test_what_is_no_xml_is_refused(svg: str) -> None:
    with pytest.raises(DrawingError, match="not well-formed"):
        clean(svg)


def test_attributes_that_act_or_style_are_left_out() -> None:
    marks = "<path d='M0 0' fill='red' onclick='x()' style='fill:red' class='x' href='#' filter='url(#x)'/>"
    assert clean(f"<svg xmlns='http://www.w3.org/2000/svg'>{marks}</svg>") == '<path d="M0 0" fill="red" />'


def test_texts_are_escaped() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><text>&lt;script&gt; &amp;</text></svg>"
    assert clean(svg) == "<text>&lt;script&gt; &amp;</text>"


def test_numbers_are_short() -> None:
    path = "<path d='M0.123456,-7.96L1.5,2.04L-1.4e-14,3e-7L-0.01,1234567.89' stroke='red'/>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{path}</svg>"
    assert 'd="M0.1,-8L1.5,2L0,0L0,1234567.9"' in clean(svg)


def test_many_threads_draw_at_the_same_time(chart: Chart) -> None:
    specs = specifications(chart)
    expected = [clean(render(one)) for one in specs]
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append([clean(render(one)) for one in specs])) for _number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert found == [expected] * 4


class PanicError(BaseException):
    """As what the library raises when it panics: no Exception."""


@pytest.mark.parametrize("error", [ValueError, PanicError])
def test_readers_get_the_table_where_the_renderer_fails(
    db: None,
    read: Callable[..., BeautifulSoup],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[BaseException],
) -> None:
    indicator, country = make_indicator(), make_country("KZ")
    observe(indicator, country, months(1, 2))
    value = {"indicators": [indicator.pk], "countries": [country.pk], "chart_type": "line", "note": ""}
    page = make_standard_page(body=[{"type": "indicator_chart", "value": value | {"start": None, "end": None}}])

    def fail(*_args: Any, **_options: Any) -> None:
        raise error("out of memory")

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", fail)
    with caplog.at_level(logging.ERROR, "reports.charts"):
        figure = read(page.url).select_one("figure.chart")
    assert figure is not None
    assert figure.select_one("svg.plot") is None
    assert "cannot be drawn at present" in figure.get_text()
    assert len(figure.select("details[open] table.values tbody tr")) == 2
    assert indicator.code in caplog.text
    assert "out of memory" in caplog.text


def shared_cache(folder: Path) -> dict[str, Any]:
    """The caches of a site whose processes share what is drawn."""
    shared = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(folder)}
    return settings.CACHES | {CACHE: shared}


def test_what_is_published_is_drawn_before_a_reader_asks(
    db: None, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indicator, country = make_indicator(), make_country("KZ")
    observe(indicator, country, months(1, 2))
    value = {"indicators": [indicator.pk], "countries": [country.pk], "chart_type": "line", "note": ""}
    page = make_standard_page(body=[{"type": "indicator_chart", "value": value | {"start": None, "end": None}}])
    with override_settings(CACHES=shared_cache(tmp_path)):
        page.save_revision().publish()
        assert len(list(tmp_path.glob("*.djcache"))) == 2
        monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda *_args, **_options: pytest.fail("drawn for a reader"))
        assert b"plot-wide" in client.get(page.url).content


def test_what_readers_do_not_see_is_not_drawn(db: None, tmp_path: Path) -> None:
    indicator, country = make_indicator(), make_country("KZ")
    observe(indicator, country, months(1, 2))
    value = {"indicators": [indicator.pk], "countries": [country.pk], "chart_type": "line", "note": ""}
    page = make_standard_page(body=[{"type": "indicator_chart", "value": value | {"start": None, "end": None}}])
    page.unpublish()
    with override_settings(CACHES=shared_cache(tmp_path)):
        draw_charts.enqueue(page.pk)
        draw_charts.enqueue(10**9)
    assert list(tmp_path.glob("*.djcache")) == []
