"""Figures of a report: fixed when it is published, for all its languages, until an editor asks for the newest."""

from __future__ import annotations

import datetime
import importlib
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from reports.models import CountryReportPage, FixedIndicator, Observation, ReportIndicator
from tests.editing import edit_url, problems, rendered_data, send
from tests.factories.pages import make_report
from tests.factories.site import published, translate
from tests.factories.statistics import IMPORTED, make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from django.test import Client
    from wagtail.models import Site

    from reports.models import Indicator

    Read = Callable[..., BeautifulSoup]

LATER = "of this time w"


@pytest.fixture
def indicator(site: Site) -> Indicator:
    """Values of 2021, as the first import brought them; one of 2020 lies outside of the reports' period."""
    found = make_indicator()
    observe(found, make_country("KZ"), {"2020-12-01": 99, "2021-01-01": 10, "2021-02-01": 20})
    return found


@pytest.fixture
def report(indicator: Indicator) -> CountryReportPage:
    return make_report(indicator_panel=[ReportIndicator(indicator=indicator)])


def shown(read: Read, page: Any) -> dict[str, str]:
    """The table behind the chart of the panel: value by period, in the language of the page."""
    rows = read(page.url).select(".panel-figure table tbody tr")
    return {" ".join(row.th.get_text().split()): row.td.get_text(strip=True) for row in rows if row.th and row.td}


def text(read: Read, page: Any) -> str:
    figure = read(page.url).select_one(".panel-figure")
    return " ".join(figure.get_text(" ").split()) if figure else ""


def revise_january(value: float = 11) -> None:
    revise(Observation.objects.get(period_start="2021-01-01", valid_to=None), value)


def test_a_revision_does_not_rewrite_a_published_report_which_says_that_there_is_one(
    read: Read, report: CountryReportPage
) -> None:
    before = shown(read, report)
    assert before == {"January 2021": "10.0", "February 2021": "20.0"}
    assert LATER not in text(read, report)
    revise_january()
    assert shown(read, report) == before
    words = text(read, report)
    assert "1 value of this time was changed or added by its source since. See the present values" in words
    assert f"Figures as they were known on {timezone.localdate().day} " in words


def test_values_that_were_added_or_withdrawn_count_as_newer_and_others_do_not(
    read: Read, report: CountryReportPage, indicator: Indicator
) -> None:
    observe(indicator, make_country("KZ"), {"2021-03-01": 30}, timezone.now())
    withdrawn = Observation.objects.get(period_start="2021-02-01")
    withdrawn.valid_to = timezone.now()
    withdrawn.save()
    observe(indicator, make_country("KZ"), {"2021-02-01": None}, withdrawn.valid_to)
    observe(indicator, make_country("KZ"), {"2022-02-01": 1}, timezone.now())
    observe(indicator, make_country("GE"), {"2021-01-01": 1}, timezone.now())
    assert shown(read, report) == {"January 2021": "10.0", "February 2021": "20.0"}
    assert "2 values of this time were changed or added" in text(read, report)


def test_a_value_that_was_revised_there_and_back_is_no_news(read: Read, report: CountryReportPage) -> None:
    revise_january(11)
    revise_january(10)
    assert LATER not in text(read, report)


def test_the_download_below_a_chart_is_of_the_figures_that_it_shows(
    read: Read, client: Client, report: CountryReportPage
) -> None:
    revise_january()
    link = read(report.url).select_one(".panel-figure a[download]")
    assert link is not None
    text = client.get(str(link["href"])).getvalue().decode("utf-8-sig")
    assert [line.split(",")[6] for line in text.splitlines()[1:]] == ["10", "20"]


def test_an_import_that_was_under_way_at_publishing_changes_nothing_afterwards(
    read: Read, report: CountryReportPage
) -> None:
    """Its rows carry a moment before the publication, and are seen after it."""
    before_publishing = FixedIndicator.objects.get().fixed_at - datetime.timedelta(seconds=30)
    assert before_publishing > IMPORTED
    revise(Observation.objects.get(period_start="2021-01-01"), 12, before_publishing)
    assert shown(read, report)["January 2021"] == "10.0"
    assert "1 value of this time was changed" in text(read, report)


def test_what_nobody_knew_stays_unknown_although_an_import_was_under_way(
    read: Read, client: Client, site: Site
) -> None:
    indicator = make_indicator("LATE.ONE")
    report = make_report(indicator_panel=[ReportIndicator(indicator=indicator)])
    fixed = FixedIndicator.objects.get()
    assert fixed.as_of is None
    observe(indicator, make_country("KZ"), {"2021-01-01": 5}, fixed.fixed_at - datetime.timedelta(seconds=5))
    words = text(read, report)
    assert "not covered" in words
    assert "1 value of this time was changed or added" in words
    figures = client.get(f"/api/v2/pages/{report.pk}/").json()["indicator_panel"][0]["figures"]
    assert (figures["as_of"], bool(figures["fixed_at"])) == (None, True)
    assert client.get(figures["url"]).getvalue().endswith(b'"values": []}')


def test_publishing_again_keeps_the_figures_unless_the_newest_are_asked_for(
    read: Read, report: CountryReportPage
) -> None:
    revise_january()
    report.title = "Report 2021, corrected"
    report = published(report)
    assert shown(read, report)["January 2021"] == "10.0"
    report.figures_asked_at = timezone.now()
    report = published(report)
    assert shown(read, report)["January 2021"] == "11.0"
    assert LATER not in text(read, report)
    revise_january(12)
    assert shown(read, published(report))["January 2021"] == "11.0"


def test_an_indicator_that_is_added_later_is_fixed_when_it_is_published(
    read: Read, report: CountryReportPage, indicator: Indicator
) -> None:
    revise_january()
    other = make_indicator("TEST.OTHER")
    observe(other, make_country("KZ"), {"2021-01-01": 1})
    report.indicator_panel = [ReportIndicator(indicator=indicator), ReportIndicator(indicator=other)]
    report = published(report)
    assert FixedIndicator.objects.filter(report=report.translation_key).count() == 2
    tables = read(report.url).select(".panel-figure table")
    assert [table.select("tbody td")[0].get_text(strip=True) for table in tables] == ["10.0", "1.0"]


def test_every_language_shows_the_same_figures_whenever_it_was_published(read: Read, report: CountryReportPage) -> None:
    translate(translate_parent(report), "ru")
    revise_january()
    russian = translate(report, "ru")
    assert FixedIndicator.objects.count() == 1
    assert shown(read, russian) == {"январь 2021 г.": "10,0", "февраль 2021 г.": "20,0"}
    report.figures_asked_at = timezone.now()
    published(report)
    assert shown(read, russian)["январь 2021 г."] == "11,0"


def translate_parent(report: CountryReportPage) -> Any:
    return report.get_parent().specific


def test_a_translation_does_not_ask_for_newer_figures(read: Read, report: CountryReportPage) -> None:
    """What the original's draft asks for may reach a translation first."""
    translate(translate_parent(report), "ru")
    russian = translate(report, "ru")
    revise_january()
    russian.figures_asked_at = timezone.now()
    published(russian)
    assert shown(read, russian)["январь 2021 г."] == "10,0"


def test_an_earlier_version_of_the_page_does_not_bring_other_figures_back(
    read: Read, report: CountryReportPage
) -> None:
    first = report.latest_revision
    report.figures_asked_at = timezone.now()
    published(report)
    revise_january()
    assert first is not None
    first.publish()
    report.refresh_from_db()
    assert shown(read, report)["January 2021"] == "10.0"
    FixedIndicator.objects.update(fixed_at=timezone.now())
    report.latest_revision.publish()
    assert shown(read, report)["January 2021"] == "10.0"


def test_a_new_edition_made_from_the_last_one_has_the_newest_figures(read: Read, report: CountryReportPage) -> None:
    revise_january()
    copy = report.copy(update_attrs={"title": "Report 2021, edition 2", "slug": "edition-2"})
    assert shown(read, copy)["January 2021"] == "11.0"
    assert shown(read, report)["January 2021"] == "10.0"


def test_a_report_that_is_to_be_published_later_is_fixed_then(report: CountryReportPage) -> None:
    FixedIndicator.objects.all().delete()
    draft = make_report(slug="later", live=False, go_live_at=timezone.now() + datetime.timedelta(days=1))
    draft.indicator_panel = list(report.indicator_panel.all())
    published(draft)
    assert FixedIndicator.objects.count() == 0


def test_a_deleted_report_leaves_nothing_behind(report: CountryReportPage) -> None:
    report.delete()
    assert FixedIndicator.objects.count() == 0


def test_reports_that_were_public_before_keep_what_they_show(read: Read, report: CountryReportPage) -> None:
    FixedIndicator.objects.all().delete()
    migration = importlib.import_module("reports.migrations.0005_fix_published_reports")
    migration.fix_published(apps, None)
    assert FixedIndicator.objects.get().as_of == IMPORTED
    revise_january()
    assert shown(read, report)["January 2021"] == "10.0"


# Editors


def preview(client: Client, page: Any, changes: dict[str, Any]) -> str:
    address = reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,))
    data = rendered_data(client, edit_url(page), type(page)) | changes
    assert client.post(address, data).json()["is_valid"]
    return client.get(address).content.decode()


def test_the_preview_of_a_new_report_shows_the_newest_figures(admin_client: Client, indicator: Indicator) -> None:
    report = make_report(indicator_panel=[ReportIndicator(indicator=indicator)])
    FixedIndicator.objects.all().delete()
    revise_january()
    html = preview(admin_client, report, {})
    assert "11.0" in html
    assert "They are fixed when the report is published." in html


def test_an_editor_is_offered_the_newest_figures_and_sees_them_in_the_preview(
    admin_client: Client, read: Read, report: CountryReportPage
) -> None:
    assert "renew_figures" not in admin_client.get(edit_url(report)).content.decode()
    revise_january()
    html = admin_client.get(edit_url(report)).content.decode()
    assert "Take over the newest figures when publishing" in html
    assert "Stringency (1)" in html
    kept, taken = (preview(admin_client, report, changes) for changes in ({}, {"renew_figures": "on"}))
    assert "11.0" not in kept
    assert "11.0" in taken
    assert shown(read, report)["January 2021"] == "10.0"


def test_an_editor_takes_the_newest_figures_over_by_publishing(
    admin_client: Client, read: Read, report: CountryReportPage
) -> None:
    revise_january()
    drafted = send(admin_client, edit_url(report), CountryReportPage, {"renew_figures": "on"})
    assert problems(drafted) == set()
    assert shown(read, report)["January 2021"] == "10.0"
    ticked = {"renew_figures": "on"}  # as the form shows it again
    assert "renew_figures" in rendered_data(admin_client, edit_url(report), CountryReportPage)
    response = send(admin_client, edit_url(report), CountryReportPage, ticked, "action-publish")
    assert problems(response) == set()
    assert shown(read, report)["January 2021"] == "11.0"
    assert "renew_figures" not in admin_client.get(edit_url(report)).content.decode()


def test_an_editor_may_think_better_of_it(admin_client: Client, read: Read, report: CountryReportPage) -> None:
    revise_january()
    send(admin_client, edit_url(report), CountryReportPage, {"renew_figures": "on"})
    data = rendered_data(admin_client, edit_url(report), CountryReportPage)
    assert "renew_figures" in data
    del data["renew_figures"]
    admin_client.post(edit_url(report), data | {"action-publish": "action-publish"})
    assert shown(read, report)["January 2021"] == "10.0"


# Programs


def test_the_api_tells_since_when_figures_are_fixed_and_where_they_are(
    client: Client, report: CountryReportPage
) -> None:
    revise_january()
    detail = client.get(f"/api/v2/pages/{report.pk}/").json()
    figures = detail["indicator_panel"][0]["figures"]
    assert figures["as_of"] == "2022-03-01T12:00:00Z"
    assert figures["fixed_at"] > figures["as_of"]
    values = client.get(figures["url"]).getvalue().decode()
    assert '"value": "10"' in values
    assert '"value": "11"' not in values


def test_a_report_without_a_country_has_no_figures(report: CountryReportPage, rf: Any) -> None:
    report.country = None
    assert report.get_context(rf.get("/"))["figures"] == []
