"""The screens of the vocabularies: what is added and changed, what is refused and why, what cannot be deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from home.models import HomeFigureLink
from news.models import EventSpeaker
from practices.models import PracticeFunction, PracticeResult, PracticeTarget
from reports.models import Indicator, KeyIndicator, Recommendation, ReportIndicator, ReportMeasure
from taxonomy.choices import Scheme
from taxonomy.models import Concept, Country, Organisation, OrganisationIdentifier, Theme
from tests.admin_forms import errors, not_refused, rendered, row_screen, said, screen, send
from tests.admin_lists import list_url, names
from tests.contracts.hostile import HOSTILE
from tests.factories.pages import (
    make_adaptation,
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
)
from tests.factories.site import homes, published
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

VOCABULARIES = [Country, Theme, Concept, Organisation]


def labels(*given: tuple[str, str], **texts: str) -> dict[str, Any]:
    return {"labels": inline_formset([{"language": code, "label": label} | texts for code, label in given], min=1)}


def memberships(**facts: str) -> dict[str, Any]:
    return {"memberships": inline_formset([{"role": "founder", "since": "2020-02-01", "until": ""} | facts])}


def identifiers(*values: str) -> dict[str, Any]:
    return {"identifiers": inline_formset([{"scheme": "ror", "value": value} for value in values])}


BOTH = (("en", "Archives"), ("kk", "Мұрағат"))
ADDED = [
    (Country, {"code": "XK", "alpha3": "XKX", "m49": "983"} | labels(*BOTH) | memberships(), "XK"),
    (
        Theme,
        {"code": "archives", "sort_order": "7"} | labels(*BOTH, synonyms="records", definition="Kept."),
        "archives",
    ),
    (Concept, {"scheme": "stage", "code": "archives"} | labels(*BOTH), "archives"),
    (
        Organisation,
        {"code": "archives", "kind": "agency", "acronym": "NA"} | labels(*BOTH) | identifiers("1"),
        "archives",
    ),
]


@pytest.mark.parametrize(("model", "facts", "code"), ADDED, ids=lambda part: getattr(part, "__name__", ""))
def test_a_row_is_added_found_and_renamed(admin_client: Client, model: Any, facts: dict[str, Any], code: str) -> None:
    assert errors(send(admin_client, screen(model, "add"), facts)) == {}
    row = model.objects.get(code=code)
    assert {label.language: label.label for label in row.labels.all()} == dict(BOTH)
    assert len(names(admin_client, list_url(model), {"q": "МҰРАҒАТ"})) == 1

    changed = send(admin_client, row_screen(row, "edit"), labels(("en", "Records office"), ("ru", "Архив")))

    assert errors(changed) == {}
    assert {label.language: label.label for label in model.objects.get(pk=row.pk).labels.all()} == {
        "en": "Records office",
        "ru": "Архив",
    }
    assert "Records office" in said(changed)
    for name in ("history", "usage"):
        assert admin_client.get(row_screen(row, name)).status_code == 200


def test_a_renamed_country_and_theme_are_shown_by_their_new_names_at_once(admin_client: Client, site: Any) -> None:
    country, theme = make_country("GE"), make_theme("digital")
    make_practice(country=country, themes=[theme])
    before = admin_client.get("/en/practices/").content.decode()
    send(admin_client, row_screen(country, "edit"), labels(("en", "Sakartvelo")))
    send(admin_client, row_screen(theme, "edit"), labels(("en", "Screens")))
    after = admin_client.get("/en/practices/").content.decode()
    for old, new in (("Georgia", "Sakartvelo"), ("Digital", "Screens")):
        assert old in before
        assert new not in before
        assert new in after
        assert old not in after


ROWS = {"parent", "merged_into"}
UNIQUE = "already exists."
CIRCLE = "leads back to the row itself."
TOO_DEEP = "Themes have at most three levels. Choose a parent further up."
NOT_OFFERED = "Select a valid choice. That choice is not one of the available choices."
NO_SLUG = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
# Which row is edited, what is changed, at which field or row it is refused, and how the sentence begins or ends.
REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("KZ", {"code": "GE"}, "code", UNIQUE),
    ("KZ", {"code": "KAZ"}, "code", "at most 2 characters"),
    ("KZ", {"code": "kz"}, "code", "Two capital letters, as in KZ."),
    ("KZ", {"m49": "39A"}, "m49", "Three digits, as in 398."),
    ("KZ", {"code": ""}, "code", "This field is required."),
    ("KZ", {"code": "K\0"}, "code", "Null characters are not allowed."),
    ("KZ", {"alpha3": "GEO"}, "alpha3", UNIQUE),
    ("KZ", {"m49": "268"}, "m49", UNIQUE),
    ("KZ", labels(("en", "A"), ("en", "B")), "labels", "must be unique"),
    ("KZ", labels(("xx", "A")), "labels.language", "Select a valid choice."),
    ("KZ", labels(("en", "")), "labels.label", "This field is required."),
    ("KZ", labels(("en", "A" * 256)), "labels.label", "at most 255 characters"),
    ("KZ", memberships(until="2020-01-01"), "memberships.until", "The membership cannot end before it begins."),
    ("KZ", memberships(since="", until="2020-01-01"), "memberships.since", "This field is required."),
    ("KZ", memberships(since="31.31.2020"), "memberships.since", "Enter a valid date."),
    ("KZ", memberships(until="never"), "memberships.until", "Enter a valid date."),
    ("KZ", memberships(role="king"), "memberships.role", "Select a valid choice."),
    ("top", {"code": "middle"}, "code", UNIQUE),
    ("top", {"code": "two words"}, "code", NO_SLUG),
    ("top", {"code": "тема"}, "code", NO_SLUG),
    ("top", {"sort_order": "-1"}, "sort_order", "greater than or equal to 0"),
    ("top", {"sort_order": "9" * 30}, "sort_order", "less than or equal to"),
    ("top", {"sort_order": "first"}, "sort_order", "Enter a whole number."),
    ("top", {"parent": "top"}, "parent", CIRCLE),
    ("top", {"parent": "lowest"}, "parent", CIRCLE),
    ("other", {"parent": "lowest"}, "parent", TOO_DEEP),
    ("top", {"parent": "999999"}, "parent", NOT_OFFERED),
    ("top", labels(), "labels", "Please submit at least 1 form."),
    ("01", {"scheme": "cofog", "code": "02"}, "__all__", UNIQUE),
    ("01", {"scheme": "unheard-of"}, "scheme", "Select a valid choice."),
    ("01", {"code": "x" * 41}, "code", "at most 40 characters"),
    ("01", labels(("en", "x" * 1001)), "labels.label", "at most 1000 characters"),
    ("agency", {"url": "javascript:alert(1)"}, "url", "Enter a valid URL."),
    ("agency", {"url": "https://" + "x" * 300 + ".org"}, "url", "Enter a valid URL."),
    ("agency", {"parent": "agency"}, "parent", CIRCLE),
    ("agency", {"parent": "", "merged_into": "agency"}, "merged_into", CIRCLE),
    ("agency", identifiers("taken"), "identifiers.__all__", UNIQUE),
    ("agency", identifiers("new", "new"), "identifiers", "must be unique"),
    ("agency", {"kind": "club"}, "kind", "Select a valid choice."),
    ("agency", {"logo": "999"}, "logo", NOT_OFFERED),
    ("agency", {"country": "0"}, "country", NOT_OFFERED),
    ("agency", labels(("en", "A"), ("ru", "")), "labels.label", "This field is required."),
]


@pytest.fixture(scope="module")
def vocabulary(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> dict[str, Any]:
        top = make_theme("top")
        middle = make_theme("middle", top)
        body = make_organisation("body")
        OrganisationIdentifier.objects.create(organisation=body, scheme="ror", value="taken")
        make_concept(Scheme.COFOG, "02")
        rows = [make_country("KZ"), make_country("GE"), top, middle, make_theme("lowest", middle), make_theme("other")]
        rows += [make_concept(Scheme.COFOG, "01"), body, make_organisation("agency")]
        return {row.code: row for row in rows}

    return made_once(make)


def key_of(code: str, vocabulary: Any) -> Any:
    return vocabulary[code].pk if code in vocabulary else code


@pytest.mark.one_database
@pytest.mark.parametrize("code", dict.fromkeys(case[0] for case in REFUSED))
def test_what_is_wrong_is_refused_where_it_stands_and_nothing_is_changed(
    admin_client: Client, vocabulary: Any, code: str
) -> None:
    row = vocabulary[code]
    before = list(type(row).objects.order_by("pk").values())
    cases = [
        (
            {name: key_of(value, vocabulary) if name in ROWS else value for name, value in changes.items()},
            field,
            sentence,
        )
        for of, changes, field, sentence in REFUSED
        if of == code
    ]

    assert not_refused(admin_client, row_screen(row, "edit"), cases) == []

    assert list(type(row).objects.order_by("pk").values()) == before


@pytest.mark.parametrize("make", [make_country, make_theme, make_concept, make_organisation])
def test_a_name_that_two_add_at_the_same_time_is_kept_once_and_the_second_is_told(
    admin_client: Client, make: Callable[[], Any]
) -> None:
    row = make()
    first, second = (rendered(admin_client, row_screen(row, "edit")) for _editor in range(2))
    number = first["labels-TOTAL_FORMS"][0]

    def added(text: str) -> dict[str, Any]:
        fields = {"language": "kk", "label": text, "ORDER": "9", "id": "", "DELETE": ""}
        new = {f"labels-{number}-{name}": value for name, value in fields.items()}
        return new | {"labels-TOTAL_FORMS": str(int(number) + 1)}

    assert errors(admin_client.post(row_screen(row, "edit"), first | added("Мұрағат"))) == {}
    refused = admin_client.post(row_screen(row, "edit"), second | added("Архив"))

    assert "Somebody else has just added the same" in errors(refused)["__all__"][0]
    assert "Архив" in refused.content.decode()
    assert [one.label for one in row.labels.filter(language="kk")] == ["Мұрағат"]


def make_body() -> Organisation:
    return make_organisation("held-body")


def rows_of(model: Any, indicator: Indicator) -> list[Any]:
    return [model(indicator=indicator, **({"text": "A"} if model is PracticeResult else {}))]


def show_at_home(indicator: Indicator) -> None:
    home = homes()["en"]
    home.figures = [HomeFigureLink(indicator=indicator)]
    published(home)


# What holds on to a row, so that the row cannot be deleted: the row, and what points to it.
HELD: dict[str, tuple[Any, Any]] = {
    "country of a page": ("GE", lambda row: make_news(countries=[row])),
    "primary country": ("GE", lambda row: make_practice(country=row)),
    "country of a measure": ("GE", make_measure),
    "country of an organisation": ("GE", lambda row: make_organisation(country=row)),
    "adopting country": ("GE", lambda row: make_adaptation(make_practice(), row)),
    "theme of a page": (make_theme, lambda row: make_news(themes=[row])),
    "theme of an indicator": (make_theme, lambda row: make_indicator(theme=row)),
    "theme above another": (make_theme, lambda row: make_theme("below", row)),
    "function of a practice": (Scheme.COFOG, lambda row: make_practice(functions=[PracticeFunction(concept=row)])),
    "goal of a practice": (Scheme.SDG, lambda row: make_practice(sdg_targets=[PracticeTarget(concept=row)])),
    "level of an adaptation": (Scheme.LEVEL, lambda row: make_adaptation(make_practice(levels=[]), level=row)),
    "concept above another": (Scheme.STAGE, lambda row: make_concept(Scheme.STAGE, "below", parent=row)),
    "organisation of a page": (make_body, lambda row: make_news(organisations=[(row, "lead")])),
    "leading organisation": (make_body, lambda row: make_practice(lead_organisation=row)),
    "source of an indicator": (make_body, lambda row: make_indicator(source_id=row.pk)),
    "author of a report": (make_body, lambda row: make_report(author_organisation=row)),
    "organisation of a speaker": (make_body, lambda row: make_event(speakers=[EventSpeaker(organisation=row)])),
    "organisation above another": (make_body, lambda row: make_organisation("below", parent=row)),
    "organisation that others merged into": (make_body, lambda row: make_organisation("old", merged_into=row)),
    "adopting organisation": (make_body, lambda row: make_adaptation(make_practice(), organisation=row)),
    "key indicator": (make_indicator, lambda row: make_country_page(key_indicators=[KeyIndicator(indicator=row)])),
    "indicator of a report": (make_indicator, lambda row: make_report(indicator_panel=rows_of(ReportIndicator, row))),
    "indicator of a result": (make_indicator, lambda row: make_practice(results=rows_of(PracticeResult, row))),
    "figure of the home page": (make_indicator, show_at_home),
    "measure of a report": (make_measure, lambda row: make_report(measures=[ReportMeasure(measure=row)])),
}


def made(what: Any) -> Any:
    if what == "GE":
        return make_country("GE")
    return make_concept(what, "held") if isinstance(what, Scheme) else what()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("name", HELD)
def test_what_is_in_use_is_not_deleted_and_the_screen_says_so(admin_client: Client, name: str) -> None:
    what, hold = HELD[name]
    row = made(what)
    hold(row)

    asked = admin_client.get(row_screen(row, "delete"))
    answer = admin_client.post(row_screen(row, "delete"))

    assert "prevent it from being deleted" in asked.content.decode()
    assert "Yes, delete" not in asked.content.decode()
    assert answer.status_code == 302
    assert said(answer)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("at_once", [False, True], ids=["alone", "with others"])
@pytest.mark.parametrize("of", ["indicator", "country", "level", "type", "concept of a theme"])
def test_what_other_records_need_is_not_deleted_and_the_screen_says_so(
    admin_client: Client, of: str, *, at_once: bool
) -> None:
    rows: dict[str, Any] = {"indicator": make_indicator(), "country": make_country("GE")}
    rows |= {"level": make_concept(Scheme.LEVEL), "type": make_concept(Scheme.INNOVATION_TYPE, "held")}
    rows["concept of a theme"] = make_concept(Scheme.COFOG, "09")
    make_theme("schools").concepts.add(rows["concept of a theme"])
    make_practice(levels=[rows["level"]], innovation_types=[rows["type"]])
    observe(rows["indicator"], rows["country"], {"2021-01-01": 4})
    row = rows[of]
    screen_address = row_screen(row, "delete")
    if at_once:
        kind = row._meta
        screen_address = (
            f"{reverse('wagtail_bulk_action', args=[kind.app_label, kind.model_name, 'delete'])}?id={row.pk}"
        )

    answer = admin_client.post(screen_address, follow=True)

    assert type(row).objects.filter(pk=row.pk).exists()
    assert answer.status_code == 200
    assert "cannot be deleted: figures or other records refer to it." in answer.content.decode()


@pytest.mark.usefixtures("site")
def test_what_only_supports_a_text_can_be_deleted_and_the_text_stays(admin_client: Client) -> None:
    indicator, measure = make_indicator(), make_measure()
    report = make_report(recommendations=[Recommendation(text="Publish the register.", basis=indicator)])
    later = make_measure(replaces=measure)

    supports: list[Any] = [indicator, measure]
    for row in supports:
        assert admin_client.post(row_screen(row, "delete")).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()

    later.refresh_from_db()
    assert later.replaces is None
    assert "Publish the register." in admin_client.get(report.url).content.decode()


@pytest.mark.parametrize("model", VOCABULARIES, ids=lambda model: model.__name__)
def test_what_nobody_uses_is_deleted_with_its_labels_after_a_question(admin_client: Client, model: Any) -> None:
    makers: dict[Any, Any] = {Country: make_country, Theme: make_theme, Concept: make_concept}
    row = makers.get(model, make_organisation)()
    relation = model.labels.rel.related_model
    asked = admin_client.get(row_screen(row, "delete")).content.decode()
    assert "Are you sure you want to delete this" in asked
    assert model.objects.filter(pk=row.pk).exists(), "a question changes nothing"
    assert admin_client.post(row_screen(row, "delete")).status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()
    assert not relation.objects.filter(owner=row.pk).exists()
    assert admin_client.get(row_screen(row, "edit")).status_code == 404


SHARP = ("null byte", "markup", "pattern", "sql", "huge number", "not a number", "no unicode", "very long")
FILTERS = {
    Country: ("subregion", "role"),
    Theme: ("parent", "is_top"),
    Concept: ("scheme",),
    Organisation: ("country", "kind", "is_merged"),
}


@pytest.mark.parametrize("model", VOCABULARIES, ids=lambda model: model.__name__)
def test_a_list_is_shown_whatever_it_is_asked_for(admin_client: Client, vocabulary: Any, model: Any) -> None:
    names_of_parameters = (*FILTERS[model], "q", "p", "ordering")
    query = "&".join(f"{name}={{0}}" for name in names_of_parameters)
    answers = {name: admin_client.get(f"{list_url(model)}?{query.format(HOSTILE[name])}") for name in SHARP}
    assert {name for name, answer in answers.items() if answer.status_code != 200} == set()
    assert not [name for name, answer in answers.items() if "<script>alert" in answer.content.decode()]


@pytest.mark.parametrize(
    ("model", "text", "found"),
    [
        (Country, "қазақ", ["Kazakhstan"]),
        (Country, "грузия", ["Georgia"]),
        (Country, "ГРУЗИ", ["Georgia"]),
        (Theme, "верх", ["Top"]),
        (Theme, "ВЕРХ", ["Top"]),
        (Concept, "ҒЫЛЫМ", ["01 01"]),
        (Organisation, "мемлекеттік ӘК", ["Body"]),
        (Organisation, "%", []),
        (Organisation, "_", []),
    ],
)
def test_rows_are_found_by_cyrillic_names_in_any_case(
    admin_client: Client, vocabulary: Any, model: Any, text: str, found: list[str]
) -> None:
    make_theme("top", labels={"en": "Top", "ru": "Верхняя тема"})
    make_concept(Scheme.COFOG, "01", labels={"en": "01", "kk": "Ғылым"})
    make_organisation("body", labels={"en": "Body", "kk": "Мемлекеттік әкімшілік"})

    assert names(admin_client, list_url(model), {"q": text}) == found
