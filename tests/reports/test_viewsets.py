"""Statistics in the admin: indicators and measures are kept, observations and imports are looked at."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.core.choices import Licence
from reports.choices import Frequency, MeasureCategory, ScaleType
from reports.models import ImportRun, Indicator, Measure, Observation
from tests.admin_lists import chooser_url, exported, list_url, names, rows
from tests.answers import queries
from tests.factories.statistics import make_indicator, make_measure, observe, revise
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

OBSERVATIONS, IMPORTS = "/admin/observations/", "/admin/imports/"


def sow(number: int, start: int = 0) -> None:
    for index in range(start, number):
        source = make_organisation(f"source-{index}")
        indicator = make_indicator(f"X.{index}", source_id=source.pk, theme=make_theme(f"theme-{index}"))
        country = make_country(("AM", "KZ", "MN", "UZ", "KG", "TJ")[index])
        observe(indicator, country, {"2021-01-01": index, "2021-02-01": None})
        make_measure(country, replaces=make_measure(country))
        ImportRun.objects.create(file_name=f"{index}.csv", profile="oxcgrt", rows_read=index)


@pytest.mark.parametrize(
    "url",
    [list_url(Indicator), chooser_url(Indicator), list_url(Measure), chooser_url(Measure), OBSERVATIONS, IMPORTS],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(admin_client: Client, url: str) -> None:
    sow(2)
    few = queries(admin_client, url)
    sow(5, start=2)

    assert queries(admin_client, url) == few


def test_indicators_show_unit_source_and_coverage(admin_client: Client) -> None:
    indicator = make_indicator("WB.POP", labels={"en": "Population", "ru": "Население"})
    indicator.labels.filter(language="en").update(unit_label="persons", short_name="People")
    for code, year in (("KZ", 2019), ("GE", 2021)):
        observe(indicator, make_country(code), {f"{year}-01-01": 10})
    make_indicator("WB.EMPTY", labels={"en": "Empty"})

    assert rows(admin_client, list_url(Indicator)) == [
        ["Empty", "points", "University of Oxford", "Monthly", "WB.EMPTY"],
        ["Population", "persons", "University of Oxford", "Monthly", "2 (January 2019 – January 2021)", "WB.POP"],
    ]
    for text in ("НАСЕЛ", "people", "wb.pop"):
        assert names(admin_client, list_url(Indicator), {"q": text}) == ["Population"]
        assert names(admin_client, chooser_url(Indicator), {"q": text}) == ["Population"]


def test_a_replaced_value_does_not_count_as_coverage(admin_client: Client) -> None:
    indicator = make_indicator("WB.POP")
    (old,) = observe(indicator, make_country("KZ"), {"2021-01-01": 10})
    revise(old, 12)

    assert exported(admin_client, list_url(Indicator))[0]["Countries"] == "1"


def test_indicators_are_filtered_by_source_theme_and_scale(admin_client: Client) -> None:
    bank, theme = make_organisation("bank"), make_theme("economy")
    make_indicator("A.1", source_id=bank.pk, labels={"en": "Growth"})
    make_indicator("B.1", theme=theme, scale_type=ScaleType.RATE, labels={"en": "Rate"})

    for url in (list_url(Indicator), chooser_url(Indicator)):
        assert names(admin_client, url, {"source": bank.pk}) == ["Growth"]
        assert names(admin_client, url, {"theme": theme.pk}) == ["Rate"]
        assert names(admin_client, url, {"scale_type": "rate"}) == ["Rate"]


def test_an_indicator_is_added_with_its_texts(admin_client: Client) -> None:
    label = {"language": "en", "label": "Births", "definition": "Live births.", "attribution": "Statistics office"}
    facts = {
        "code": "ST.BIRTHS",
        "unit": "persons",
        "scale_type": ScaleType.COUNT,
        "decimals": "0",
        "frequency": Frequency.ANNUAL,
        "direction": "neutral",
        "source": make_organisation().pk,
        "licence": Licence.CC_BY,
    }
    url = reverse(Indicator.snippet_viewset.get_url_name("add"))
    rows_of_texts = {"labels": inline_formset([label], min=1), "value_labels": inline_formset([])}

    refused = admin_client.post(url, nested_form_data(facts | rows_of_texts | {"source": ""}))
    accepted = admin_client.post(url, nested_form_data(facts | rows_of_texts))

    assert list(refused.context["form"].errors) == ["source"]
    assert accepted.status_code == 302
    assert Indicator.objects.get(code="ST.BIRTHS").label == "Births"


def test_measures_show_country_title_category_and_dates(admin_client: Client) -> None:
    facts = {"category": MeasureCategory.C1, "start": datetime.date(2020, 3, 2)}
    make_measure(make_country("KZ"), titles={"en": "Schools closed", "ru": "Школы закрыты"}, **facts)
    make_measure(
        make_country("GE"),
        titles={"ru": "Маски"},
        category=MeasureCategory.H6,
        start=datetime.date(2021, 1, 9),
        end=datetime.date(2021, 5, 1),
    )

    assert rows(admin_client, list_url(Measure)) == [
        ["Georgia: Маски (2021)", "Facial coverings", "9 January 2021", "1 May 2021", "National"],
        ["Kazakhstan: Schools closed (2020)", "School closing", "2 March 2020", "National"],
    ]
    assert rows(admin_client, chooser_url(Measure), {"q": "маски"}) == [
        ["Georgia: Маски (2021)", "Facial coverings", "9 January 2021", "1 May 2021"]
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "казах"}, ["Kazakhstan"]),
        ({"q": "№ 5"}, ["Georgia"]),
        ({"category": "H6"}, ["Georgia"]),
        ({"start_from": "2021-01-01"}, ["Georgia"]),
        ({"is_open": "true"}, ["Kazakhstan"]),
        ({"q": "["}, []),
    ],
)
def test_measures_are_found_and_filtered(admin_client: Client, query: dict[str, str], found: list[str]) -> None:
    start, end = datetime.date(2021, 1, 9), datetime.date(2021, 5, 1)
    make_measure(make_country("KZ"), category=MeasureCategory.C1)
    make_measure(make_country("GE"), category=MeasureCategory.H6, legal_act="Order № 5", start=start, end=end)

    assert [name.split(":")[0] for name in names(admin_client, list_url(Measure), query)] == found


def test_a_measure_that_ends_before_it_begins_is_refused(admin_client: Client) -> None:
    facts = {
        "country": make_country().pk,
        "category": "C1",
        "start": "2021-05-01",
        "end": "2021-04-01",
        "end_certainty": "certain",
        "level": "national",
        "bindingness": "binding",
        "texts": inline_formset([{"language": "en", "title": "Closed"}], min=1),
        "sources": inline_formset([]),
    }
    url = reverse(Measure.snippet_viewset.get_url_name("add"))

    refused = admin_client.post(url, nested_form_data(facts))
    accepted = admin_client.post(url, nested_form_data(facts | {"end": "2021-06-01"}))

    assert list(refused.context["form"].errors) == ["end"]
    assert accepted.status_code == 302


def test_observations_say_value_unit_and_that_there_is_none(admin_client: Client) -> None:
    indicator = make_indicator("WB.POP", labels={"en": "Population"}, decimals=1)
    observe(indicator, make_country("KZ"), {"2021-01-01": 19000000.26, "2021-02-01": None})

    shown = [row[:6] for row in rows(admin_client, OBSERVATIONS)]

    assert shown == [
        ["Population", "Kazakhstan", "February 2021", "No value", "points", "No value"],
        ["Population", "Kazakhstan", "January 2021", "19,000,000.3", "points", "Normal value"],
    ]


def test_observations_are_filtered_to_current_values(admin_client: Client) -> None:
    indicator, other = make_indicator("WB.POP"), make_indicator("WB.GDP")
    kazakhstan = make_country("KZ")
    (old,) = observe(indicator, kazakhstan, {"2021-01-01": 10})
    revise(old, 12)
    observe(other, make_country("GE"), {"2020-01-01": 7})

    def values(**query: Any) -> list[str]:
        return [row[3] for row in rows(admin_client, OBSERVATIONS, query)]

    assert values() == ["7.0", "12.0", "10.0"]
    assert values(is_current="true", indicator=indicator.pk) == ["12.0"]
    assert values(country=kazakhstan.pk) == ["12.0", "10.0"]
    assert values(period_start_to="2020-12-31") == ["7.0"]


@pytest.mark.parametrize("model", [Observation, ImportRun])
def test_nobody_changes_records_by_hand(admin_client: Client, model: Any) -> None:
    sow(1)
    row = model.objects.first()
    name = {Observation: "observations", ImportRun: "imports"}[model]

    looked = admin_client.get(reverse(f"{name}:inspect", args=(row.pk,)))
    attempts = [admin_client.post(reverse(f"{name}:{action}", args=(row.pk,))) for action in ("edit", "delete")]
    added = admin_client.post(reverse(f"{name}:add"))

    assert looked.status_code == 200
    assert [attempt.status_code for attempt in [*attempts, added]] == [302, 302, 302]
    assert model.objects.filter(pk=row.pk).exists()
    assert reverse(f"{name}:add") not in admin_client.get(reverse(f"{name}:index")).content.decode()


def test_looking_at_records_needs_the_right_to_view_them(client: Client, django_user_model: type[User]) -> None:
    user = django_user_model.objects.create_user("analyst", "analyst@example.org", "secret-pass-123")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    before = client.get(OBSERVATIONS).status_code
    user.user_permissions.add(Permission.objects.get(codename="view_observation"))

    assert (before, client.get(OBSERVATIONS).status_code) == (302, 200)


def test_the_menu_leads_to_statistics(admin_client: Client) -> None:
    html = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    for url in (list_url(Indicator), list_url(Measure), OBSERVATIONS, IMPORTS):
        assert url in html
