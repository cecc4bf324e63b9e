"""Charts under the hands of readers: read out, changed in place, and whole without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.site import LANGUAGES, PHONE, WIDE, window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from tests.browser.site import DemoSite, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def figures(opened: Window) -> Locator:
    """A map, small multiples, and bars."""
    found = opened.page.locator("figure.chart")
    assert found.count() == 3
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_readable_for_all(
    demo: DemoSite, chromium: Browser, language: str, size: dict[str, int], scheme: str
) -> None:
    with window(chromium, demo, size, locale=language, color_scheme=scheme) as opened:
        opened.open(demo.address("news item", language))
        figures(opened)
        assert opened.barriers("figure.chart") == []
        assert opened.overflow() == []


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_letters_of_a_chart_are_large_enough(demo: DemoSite, chromium: Browser, size: dict[str, int]) -> None:
    """At least eleven pixels on the screen, whatever the figure is scaled to."""
    with window(chromium, demo, size) as opened:
        opened.open(demo.address("comparison", "en"))
        heights = opened.page.evaluate(
            """() => [...document.querySelectorAll("svg.plot")].filter(svg => svg.clientWidth).flatMap(svg =>
                [...svg.querySelectorAll("text")].map(text =>
                    parseFloat(getComputedStyle(text).fontSize) * svg.clientWidth / svg.viewBox.baseVal.width))"""
        )
        assert heights
        assert min(heights) >= 11


def test_the_values_of_a_period_are_read_out_by_pointer_and_by_keyboard(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE) as opened:
        page = opened.page
        opened.open(demo.address("comparison", "en"))
        plot, reading = page.locator("svg.plot-wide"), page.locator(".chart-reading")
        plot.hover(position={"x": 200, "y": 100})
        assert "Kazakhstan:" in reading.inner_text()
        assert "Georgia:" in reading.inner_text()
        page.mouse.move(5, 5)
        assert reading.inner_text() == ""

        slider = page.get_by_role("slider", name="Values by period")
        slider.focus()
        last = slider.get_attribute("aria-valuetext")
        slider.press("ArrowLeft")
        assert slider.get_attribute("aria-valuetext") != last
        assert reading.inner_text() == slider.get_attribute("aria-valuetext")


def test_a_map_names_the_country_under_the_pointer(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE) as opened:
        opened.open(demo.address("news item", "en"))
        figure = figures(opened).first
        figure.scroll_into_view_if_needed()
        # The middle of Kazakhstan, in parts of the map.
        box = figure.locator("svg.plot-map").bounding_box()
        assert box
        opened.page.mouse.move(box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.17)
        assert figure.locator(".chart-reading").inner_text().startswith("Kazakhstan: ")


def test_countries_and_time_are_chosen_in_place_by_keyboard(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE) as opened:
        page = opened.page
        opened.open(demo.address("news item", "en"))
        address, figure = page.url, page.locator("#figure-2")
        figure.get_by_role("link", name="Choose countries and time").press("Enter")
        form = figure.locator("form")
        form.wait_for()
        assert page.evaluate("document.activeElement.name") == "country"
        while form.locator("input:checked").count():
            form.locator("input:checked").first.press("Space")
        form.get_by_label("Georgia", exact=True).press("Space")
        form.get_by_label("Uzbekistan", exact=True).press("Space")
        form.get_by_label("Time from").fill("2021-01-01")
        form.get_by_label("Form of the chart").select_option("line")
        form.get_by_role("button", name="Show in the chart").press("Enter")
        figure.get_by_text("Georgia, Uzbekistan").wait_for()
        assert page.url == address
        assert page.evaluate("document.activeElement.id") == "figure-2"
        assert figure.locator("svg.plot-wide text", has_text="Georgia").count() == 1
        assert figure.get_by_role("slider").count() == 1
        assert opened.barriers("figure.chart") == []


def test_without_scripts_the_page_of_the_indicator_does_the_same(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, java_script_enabled=False) as opened:
        page = opened.page
        opened.open(demo.address("news item", "en"))
        figure = page.locator("#figure-2")
        assert figure.locator("svg.plot-narrow").is_visible()
        figure.locator("summary", has_text="Show as a table").click()
        assert figure.locator("table.values tbody tr").first.is_visible()
        opened.follow(figure.get_by_role("link", name="Choose countries and time"))
        chosen = {box.get_attribute("value") for box in page.locator("input[name=country]:checked").all()}
        assert {"KZ", "UZ", "GE", "MN"} <= chosen
        assert page.locator("input[name=from]").input_value() == "2020-01-01"
