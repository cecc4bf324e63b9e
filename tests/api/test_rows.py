"""Vocabularies, indicators, measures and search in the API: what they show, and what they refuse."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import Collection, CollectionViewRestriction

from cms.api.parameters import first_day, last_day
from cms.api.registries import endpoints
from reports.models import IndicatorValueLabel, MeasureSource
from taxonomy.choices import Scheme
from taxonomy.models import Membership, OrganisationIdentifier
from tests.answers import queries
from tests.contracts.hostile import HOSTILE
from tests.factories.media import make_image
from tests.factories.pages import make_country_page, make_practice
from tests.factories.site import translate
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
API = "/api/v2/"
KEYS = {"countries": "KZ", "themes": "digital", "organisations": "ministry-of-order", "vocabularies": "level"}


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        country = make_country("KZ", region="142", subregion="143")
        Membership.objects.create(country=country, role="founder", since=datetime.date(2012, 1, 1))
        georgia = make_country("GE", region="142", subregion="145")
        year = datetime.date(2013, 1, 1)
        Membership.objects.create(country=georgia, role="participant", since=year, until=year)
        make_country_page(country=country)
        digital = make_theme("digital", labels={"en": "Digital", "ru": "Цифровое"})
        make_theme("registers", parent=digital, labels={"ru": "Реестры"})
        ministry = make_organisation(acronym="MO", country=country)
        agency = make_organisation("agency", kind="agency", parent=ministry, logo=make_image("Logo"))
        OrganisationIdentifier.objects.create(organisation=agency, scheme="ror", value="03yrm5c26")
        local = make_concept(Scheme.LEVEL, "local")
        make_concept(Scheme.LEVEL, "village", parent=local)
        scale = make_indicator("OXCGRT.C1", scale_type="ordinal", frequency="D", theme=digital)
        for language, label in (("en", "Closed"), ("ru", "Закрыты")):
            IndicatorValueLabel.objects.create(indicator=scale, value=3, language=language, label=label)
        observe(make_indicator(), country, {"2021-01-01": 40, "2021-03-01": 55})
        measure = make_measure(country, titles={"en": "Schools closed", "ru": "Школы закрыты"}, end="2020-06-01")
        MeasureSource.objects.create(measure=measure, url="https://example.org/decree", language="ru")
        make_measure(georgia, category="H2", start=datetime.date(2021, 5, 1), level="local")
        practice = make_practice(title="Schools at home", country=country, themes=[digital])
        translate(practice, "ru", title="Школы дома")
        return {"agency": agency, "measure": measure}

    return made_once(make)


def ask(client: Client, address: str) -> Any:
    answer = client.get(f"{API}{address}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/json"
    return answer.json()


def codes(client: Client, address: str) -> list[Any]:
    found = ask(client, address)
    return [item.get("code", item.get("id")) for item in found["items"]]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("countries/?region=143", ["KZ"]),
        ("countries/?region=142", ["GE", "KZ"]),
        ("countries/?member=true", ["KZ"]),
        ("countries/?member=0&code=KZ,GE", ["GE"]),
        ("countries/?code=GE&code=KZ&limit=1&offset=1", ["KZ"]),
        ("themes/?parent=digital", ["registers"]),
        ("organisations/?kind=agency", ["agency"]),
        ("organisations/?country=KZ", ["ministry-of-order"]),
        ("organisations/?q=MINISTRY", ["ministry-of-order"]),
        ("organisations/?code=agency,oxford", ["agency", "oxford"]),
        ("vocabularies/level/?parent=local", ["village"]),
        ("vocabularies/level/?parent=nothing", []),
        ("indicators/?frequency=D", ["OXCGRT.C1"]),
        ("indicators/?q=stringency", ["OXCGRT.STRINGENCY"]),
        ("indicators/?theme=digital&scale_type=ordinal", ["OXCGRT.C1"]),
        ("indicators/?source=agency", []),
        ("indicators/?code=OXCGRT.C1", ["OXCGRT.C1"]),
    ],
)
def test_rows_are_narrowed(client: Client, content: Any, address: str, expected: list[str]) -> None:
    assert codes(client, address) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["H2", "C1"]),
        ("country=GE", ["H2"]),
        ("category=C1,C2", ["C1"]),
        ("level=local", ["H2"]),
        ("in_force=2020-06-01", ["C1"]),
        ("in_force=2020-06-02", []),
        ("from=2020-06-02", ["H2"]),
        ("from=2020&to=2020", ["C1"]),
        ("to=2021-Q2", ["H2", "C1"]),
        ("to=2021-04", ["C1"]),
    ],
)
def test_measures_are_narrowed_by_what_was_in_force(
    client: Client, content: Any, query: str, expected: list[str]
) -> None:
    items = ask(client, f"measures/?{query}")["items"]
    assert [item["category"]["code"] for item in items] == expected


def test_labels_are_given_in_the_language_that_was_asked_for_or_in_all(client: Client, content: Any) -> None:
    every = ask(client, "countries/KZ/")
    assert (every["label"], every["labels"]["kk"], every["labels"]["ar"]) == ("Kazakhstan", "Қазақстан", "كازاخستان")
    one = ask(client, "countries/KZ/?locale=ru")
    assert (one["label"], one["subregion"], "labels" in one) == (
        "Казахстан",
        {"code": "143", "label": "Центральная Азия"},
        False,
    )
    assert one["memberships"][0]["role"]["code"] == "founder"
    assert one["profile_url"] == "http://testserver/en/countries/kazakhstan/", "the version that readers of Russian get"
    assert ask(client, "themes/registers/?locale=en")["label"] == "Реестры", "what there is instead of nothing"
    assert ask(client, "themes/digital/")["labels"] == {"en": "Digital", "ru": "Цифровое"}


def test_an_organisation_tells_its_place_identifiers_and_logo(client: Client, content: Any) -> None:
    found = ask(client, "organisations/agency/")
    assert (found["parent"], found["kind"]["code"]) == ("ministry-of-order", "agency")
    assert found["identifiers"] == [{"scheme": "ror", "value": "03yrm5c26"}]
    assert (found["logo"]["title"], found["logo"]["alt"]) == ("Logo", "Logo")


def test_a_logo_in_a_private_collection_is_not_told(client: Client, content: Any) -> None:
    logo, private = content["agency"].logo, Collection.get_first_root_node().add_child(name="Internal")
    CollectionViewRestriction.objects.create(collection=private, restriction_type=CollectionViewRestriction.LOGIN)
    type(logo).objects.filter(pk=logo.pk).update(collection=private)
    assert ask(client, "organisations/agency/")["logo"] is None


def test_an_indicator_tells_its_scale_source_terms_and_coverage(client: Client, content: Any) -> None:
    scale = ask(client, "indicators/OXCGRT.C1/?locale=ru")
    assert scale["scale"] == [{"value": 3, "label": "Закрыты"}]
    assert (scale["frequency"], scale["licence"]["code"]) == ({"code": "D", "label": "Ежедневно"}, "CC-BY-4.0")
    assert scale["attribution"].startswith("Hale et al.")
    found = ask(client, "indicators/OXCGRT.STRINGENCY/")
    assert found["coverage"] == {"countries": 1, "first_period": "2021-01-01", "last_period": "2021-03-01"}


def test_a_measure_tells_its_texts_and_sources(client: Client, content: Any) -> None:
    found = ask(client, f"measures/{content['measure'].pk}/?locale=kk")
    assert (found["title"], found["language"]) == ("Школы закрыты", "ru"), "what readers of Kazakh are offered"
    assert found["sources"] == [{"url": "https://example.org/decree", "language": "ru", "date": None}]
    assert found["cccsl"] == ["Social distancing", "Closure of educational institutions"]


def test_search_finds_pages_and_rows_with_marks_and_facets(client: Client, content: Any) -> None:
    found = ask(client, "search/?q=school&limit=1")
    (item,) = found["items"]
    assert (item["kind"], item["title"], item["marked_title"]) == (
        "practices",
        "Schools at home",
        "<mark>Schools</mark> at home",
    )
    assert (item["url"], item["page"]["type"]) == (
        "http://testserver/en/practices/schools-at-home/",
        "practices.PracticePage",
    )
    assert found["facets"]["country"] == [{"code": "KZ", "label": "Kazakhstan", "count": 1}]
    assert found["facets"]["theme"][0]["code"] == "digital"
    assert {one["code"]: one["count"] for one in found["facets"]["kind"]}["practices"] == 1
    russian = ask(client, "search/?q=школа&locale=ru")
    assert [one["title"] for one in russian["items"]] == ["Школы дома"]
    rows = ask(client, "search/?q=stringency")
    assert [(one["kind"], one["page"]) for one in rows["items"]] == [("indicators", None)]


def test_a_facet_counts_what_the_others_leave(client: Client, content: Any) -> None:
    georgian = make_practice(title="Schools by the sea", country=make_country("GE"))
    found = ask(client, "search/?q=schools&country=KZ&kind=practices")
    assert (found["meta"]["total_count"], found["facets"]["country"]) == (
        1,
        [{"code": "GE", "label": "Georgia", "count": 1}, {"code": "KZ", "label": "Kazakhstan", "count": 1}],
    )
    assert ask(client, "search/?q=schools&theme=digital")["meta"]["total_count"] == 1
    georgian.unpublish()
    assert len(ask(client, "search/?q=schools&country=KZ&kind=practices")["facets"]["country"]) == 1


def test_finds_are_read_page_by_page_across_pages_and_rows(client: Client, content: Any) -> None:
    make_practice(title="Stringency of rules")
    make_practice(title="Stringency of tests")
    whole = [one["title"] for one in ask(client, "search/?q=stringency")["items"]]
    pieces = [
        one["title"]
        for start in range(4)
        for one in ask(client, f"search/?q=stringency&limit=1&offset={start}")["items"]
    ]
    assert pieces == whole
    assert len(whole) == 3
    assert ask(client, "search/?q=%2B%2B")["items"] == []


# What may be written where a free text is meant.
FREE = {"q", "parent", "after"}


def test_every_parameter_of_every_endpoint_refuses_what_means_nothing(client: Client, content: Any) -> None:
    wrong = []
    for path, endpoint in endpoints().items():
        name, _slash, rest = path.partition("/")
        key = {"indicators": "OXCGRT.C1", "measures": str(content["measure"].pk)} | KEYS
        address = f"{API}{name}/{key[name]}/" if "<" in rest else f"{API}{path}"
        others = "q=school&" if "q" in endpoint.required else ""
        for parameter in endpoint.parameters:
            for kind, value in HOSTILE.items():
                answer = client.get(f"{address}?{others if parameter.name != 'q' else ''}{parameter.name}={value}")
                is_refused = answer.status_code == 400 and answer.json()["parameter"] == parameter.name
                if not is_refused and not (parameter.name in FREE and answer.status_code == 200):
                    wrong.append((path, parameter.name, kind, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("path", sorted(endpoints()))
def test_an_unknown_parameter_is_named(client: Client, content: Any, path: str) -> None:
    address = path.replace("<str:code>", "KZ").replace("<id:code>", "1")
    answer = client.get(f"{API}{address}?colour=red")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json() == answer.json() | {"status": 400, "title": "Bad Request", "parameter": "colour"}
    assert "locale" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "countries/XX/",
        "themes/x/",
        "organisations/x/",
        "vocabularies/x/",
        "indicators/x/",
        "measures/999999/",
        "x/y/",
        "",
        "countries/KZ/x/",
    ],
)
def test_what_does_not_exist_is_a_problem_404(client: Client, content: Any, path: str) -> None:
    answer = client.get(f"{API}{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == answer.json()["message"] != ""


@pytest.mark.parametrize("path", ["countries", "pages", "openapi.json"])
def test_an_address_without_its_last_slash_leads_to_the_one_with_it(client: Client, content: Any, path: str) -> None:
    assert client.get(f"{API}{path}", follow=True).status_code == 200


def test_an_endpoint_is_for_reading(client: Client, content: Any) -> None:
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(f"{API}countries/")
        assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (
            405,
            "GET, HEAD, OPTIONS",
            "application/problem+json",
        )
    assert client.head(f"{API}countries/").status_code == 200


def test_a_search_needs_a_question(client: Client, content: Any) -> None:
    assert client.get(f"{API}search/").json()["parameter"] == "q"


@pytest.mark.parametrize("path", ["countries", "themes", "organisations", "indicators", "measures", "search"])
def test_the_number_of_queries_does_not_depend_on_how_much_is_shown(client: Client, content: Any, path: str) -> None:
    for number, code in enumerate(["KG", "UZ", "TJ", "TM", "AM"]):
        country = make_country(code)
        theme = make_theme(f"theme-{number}")
        make_organisation(f"body-{number}", country=country, logo=make_image(f"Logo {number}"))
        observe(make_indicator(f"TEST.{number}", theme=theme), country, {"2021-01-01": number})
        make_measure(country)
        make_practice(title=f"Schools {number}", country=country, themes=[theme])
    extra = "q=schools&" if path == "search" else ""
    address = f"{API}{path}/?{extra}limit="
    assert queries(client, f"{address}1") == queries(client, f"{address}20") <= 12


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021-Q2", "2021-04-01", "2021-06-30"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2021-12", "2021-12-01", "2021-12-31"),
        ("2021-02-03", "2021-02-03", "2021-02-03"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_period_begins_and_ends(text: str, first: str, last: str) -> None:
    assert (first_day(text).isoformat(), last_day(text).isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "21", "0000", "2021-Q5", "2021-13", "2021-02-30", "2021-1", "2021Q1", "x"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2021-Q2"):
        first_day(text)
