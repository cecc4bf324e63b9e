"""The screens of indicators and measures: what readers see after a change."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from wagtail.test.utils.form_data import inline_formset

from reports.choices import ScaleType
from reports.models import Indicator, IndicatorValueLabel, Measure
from tests.admin_forms import changed, errors, rendered, row_screen, said, screen, send
from tests.admin_lists import exported, list_url
from tests.factories.pages import make_country_page
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def label(**texts: str) -> dict[str, Any]:
    row = {"language": "en", "label": "Births", "definition": "Live births.", "attribution": "Statistics office"}
    return {"labels": inline_formset([row | texts], min=1)}


def meanings(*given: tuple[str, str, str]) -> dict[str, Any]:
    return {"value_labels": inline_formset([{"value": v, "language": code, "label": text} for v, code, text in given])}


def texts(*given: tuple[str, str]) -> dict[str, Any]:
    return {"texts": inline_formset([{"language": code, "title": title} for code, title in given], min=1)}


def source(**facts: str) -> dict[str, Any]:
    return {"sources": inline_formset([{"url": "https://example.org/act", "language": "en", "date": ""} | facts])}


def test_readers_see_the_new_words_of_an_indicator_at_once(admin_client: Client, site: Site) -> None:
    indicator = make_indicator()
    observe(indicator, make_country("KZ"), {"2021-01-01": 1})
    address = "/en/indicators/OXCGRT.STRINGENCY/"
    assert "Stringency" in admin_client.get(address).content.decode()
    words = {"label": "Strictness", "definition": "How strict it was.", "attribution": "Hale", "unit_label": "marks"}

    answer = send(admin_client, row_screen(indicator, "edit"), label(**words))

    assert errors(answer) == {}
    assert "Strictness" in said(answer)
    html = admin_client.get(address).content.decode()
    assert "How strict it was." in html
    assert "marks" in html
    assert "Stringency" not in html.replace("OXCGRT.STRINGENCY", "")
    assert "Strictness" in admin_client.get("/en/indicators/").content.decode()
    assert "Strictness" in admin_client.get("/en/search/?q=strict").content.decode().replace("<mark>", "").replace(
        "</mark>", ""
    )


def test_an_indicator_with_a_new_code_is_found_at_its_new_address_only(admin_client: Client, site: Site) -> None:
    indicator = make_indicator()
    observe(indicator, make_country("KZ"), {"2021-01-01": 1})

    send(admin_client, row_screen(indicator, "edit"), {"code": "OXCGRT.INDEX-2"})

    assert admin_client.get("/en/indicators/OXCGRT.INDEX-2/").status_code == 200
    assert admin_client.get("/en/data/OXCGRT.INDEX-2.csv").status_code == 200
    for old in ("/en/indicators/OXCGRT.STRINGENCY/", "/en/data/OXCGRT.STRINGENCY.csv"):
        assert admin_client.get(old).status_code == 404


def test_the_meaning_of_a_level_is_changed_and_taken_away(admin_client: Client, site: Site) -> None:
    indicator = make_indicator("OXCGRT.C1", scale_type=ScaleType.ORDINAL)
    observe(indicator, make_country("KZ"), {"2021-01-01": 2, "2021-02-01": 1})
    rows = [IndicatorValueLabel(indicator=indicator, value=2, language="en", label="Closed")]
    IndicatorValueLabel.objects.bulk_create(rows)
    address = "/en/indicators/OXCGRT.C1/"
    assert "Closed" in admin_client.get(address).content.decode()

    send(admin_client, row_screen(indicator, "edit"), meanings(("2", "en", "Shut for all"), ("1", "en", "Advised")))
    html = admin_client.get(address).content.decode()

    assert "Shut for all" in html
    assert "Closed" not in html
    send(admin_client, row_screen(indicator, "edit"), {"value_labels": inline_formset([])})
    assert "Shut for all" not in admin_client.get(address).content.decode()


def test_readers_see_a_changed_measure_at_once_and_a_deleted_one_no_more(admin_client: Client, site: Site) -> None:
    country = make_country("KZ")
    profile = make_country_page(country=country)
    measure = make_measure(country)
    assert "Schools closed" in admin_client.get(profile.url).content.decode()
    changes = {"end": "2020-09-01", "end_certainty": "certain"} | source(date="2020-03-15")

    answer = send(admin_client, row_screen(measure, "edit"), texts(("en", "Schools shut")) | changes)
    html = admin_client.get(profile.url).content.decode()

    assert errors(answer) == {}
    assert "Schools shut" in html
    assert "https://example.org/act" in html
    assert "Schools closed" not in html
    admin_client.post(row_screen(measure, "delete"))
    assert "Schools shut" not in admin_client.get(profile.url).content.decode()


def test_a_copy_of_a_measure_is_a_measure_of_its_own(admin_client: Client, db: None) -> None:
    measure = make_measure(titles={"en": "Schools closed", "ru": "Школы закрыты"}, legal_act="Order 5")

    form = rendered(admin_client, row_screen(measure, "copy"))
    answer = admin_client.post(screen(Measure, "add"), changed(form, {"start": "2021-04-05"}))

    assert errors(answer) == {}
    copy = Measure.objects.exclude(pk=measure.pk).get()
    measure.refresh_from_db()
    assert (copy.legal_act, copy.start, measure.start) == (
        "Order 5",
        datetime.date(2021, 4, 5),
        datetime.date(2020, 3, 16),
    )
    assert {text.title for text in measure.texts.all()} == {"Schools closed", "Школы закрыты"}
    assert {text.title for text in copy.texts.all()} == {"Schools closed", "Школы закрыты"}


def test_what_is_exported_is_what_is_filtered(admin_client: Client, db: None) -> None:
    make_measure(make_country("KZ"), titles={"en": "Schools closed"}, legal_act="№ 5; “б”")
    make_measure(make_country("GE"), titles={"en": "=cmd()"}, end=datetime.date(2021, 5, 1))
    make_indicator("A.1", theme=make_theme("economy"), labels={"en": "Рост, %"})

    (measure,) = exported(admin_client, list_url(Measure), is_open="true")
    assert measure["Title"] == "Schools closed"
    assert measure["ISO code"] == "KZ"
    assert (measure["Start"], measure["End"]) == ("2020-03-16", "")
    assert "№ 5; “б”" in measure.values()
    (indicator,) = exported(admin_client, list_url(Indicator))
    assert (indicator["Name"], indicator["Source"]) == ("Рост, %", "University of Oxford")
    assert (indicator["Countries"], indicator["First period"]) == ("0", "")


def test_a_source_that_is_renamed_is_renamed_beside_its_figures(admin_client: Client, site: Site) -> None:
    observe(make_indicator(), make_country("KZ"), {"2021-01-01": 1})
    body = make_organisation("oxford")
    rows = {"labels": inline_formset([{"language": "en", "label": "Oxford School"}], min=1)}
    assert errors(send(admin_client, row_screen(body, "edit"), rows)) == {}
    html = admin_client.get("/en/indicators/?by=source").content.decode()
    assert "Oxford School" in html
    assert "University of Oxford" not in html
