"""The number beside a value is the number of pages that the value gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cms.core.choices import ReviewState
from cms.core.models import PageCountry, PageTheme
from practices.choices import PracticeStatus
from practices.models import PracticePage
from practices.search import FACETS
from search.facets import ThemeTree
from search.listings import Listing
from taxonomy.choices import Scheme
from tests.factories.pages import make_practice
from tests.factories.vocabularies import make_concept, make_country, make_theme

if TYPE_CHECKING:
    from wagtail.models import Site

NUMBER_OF_PAGES = 6
COUNTRIES = ["GE", "KZ", "UZ"]
THEMES = {"civil-service": None, "learning": "civil-service", "mentoring": "learning", "open-data": None}
TYPES, LEVELS = ["process", "service"], ["local", "national"]


@dataclass(frozen=True)
class Facts:
    """What a page is filed under."""

    country: frozenset[str]
    theme: frozenset[str]
    type: frozenset[str]
    level: frozenset[str]
    status: str
    review: str
    year: int | None

    def values(self, facet: str) -> set[str]:
        """All values of a facet under which the page must be found; a theme also stands for those above it."""
        if facet == "theme":
            return {above for theme in self.theme for above in lineage(theme)}
        value = getattr(self, facet)
        if isinstance(value, frozenset):
            return set(value)
        return {str(value)} if value else set()


def lineage(theme: str | None) -> list[str]:
    return [theme, *lineage(THEMES[theme])] if theme else []


def some_of(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


facts = st.builds(
    Facts,
    country=some_of(COUNTRIES),
    theme=some_of(list(THEMES)),
    type=some_of(TYPES),
    level=some_of(LEVELS),
    status=st.sampled_from(PracticeStatus.values[:2]),
    review=st.sampled_from(ReviewState.values[:2]),
    year=st.sampled_from([None, 2019, 2021]),
)
choices = st.fixed_dictionaries(
    {},
    optional={
        "country": some_of(COUNTRIES),
        "theme": some_of(list(THEMES)),
        "type": some_of(TYPES),
        "level": some_of(LEVELS),
        "status": some_of(PracticeStatus.values[:2]),
        "review": some_of(ReviewState.values[:2]),
        "year": some_of(["2019", "2021"]),
    },
)


@pytest.fixture
def pages(site: Site) -> list[PracticePage]:
    for theme, parent in THEMES.items():
        make_theme(theme, make_theme(parent) if parent else None)
    for code in COUNTRIES:  # a value that no vocabulary knows would be ignored
        make_country(code)
    for scheme, codes in {Scheme.LEVEL: LEVELS, Scheme.INNOVATION_TYPE: TYPES}.items():
        for code in codes:
            make_concept(scheme, code)
    return [make_practice(title=f"Practice {number}", country=None) for number in range(NUMBER_OF_PAGES)]


def file_under(page: PracticePage, given_facts: Facts) -> None:
    """Written row by row: what is tested is reading."""
    PageCountry.objects.filter(page=page).delete()
    PageCountry.objects.bulk_create(PageCountry(page=page, country=make_country(code)) for code in given_facts.country)
    PageTheme.objects.bulk_create(PageTheme(page=page, theme=make_theme(code)) for code in given_facts.theme)
    row = PracticePage.objects.get(pk=page.pk)
    row.levels.set(make_concept(Scheme.LEVEL, code) for code in given_facts.level)
    row.innovation_types.set(make_concept(Scheme.INNOVATION_TYPE, code) for code in given_facts.type)
    row.status, row.review_state, row.start_year = given_facts.status, given_facts.review, given_facts.year
    row.save(clean=False)


def listing(chosen: dict[str, Any]) -> Listing:
    query = QueryDict(mutable=True)
    for name, values in chosen.items():
        query.setlist(name, sorted(values))
    return Listing(PracticePage.objects.published(), FACETS, query)


def expected(assigned: dict[int, Facts], chosen: dict[str, Any]) -> set[int]:
    """Either value of a facet, all facets."""
    return {
        page
        for page, facts_of_page in assigned.items()
        if all(facts_of_page.values(name) & set(values) for name, values in chosen.items() if values)
    }


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],  # shrinking would take minutes: each example is a hundred queries
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.lists(facts, min_size=NUMBER_OF_PAGES, max_size=NUMBER_OF_PAGES), chosen=choices)
def test_every_number_is_what_choosing_the_value_gives(
    pages: list[PracticePage], data: list[Facts], chosen: dict[str, Any]
) -> None:
    with transaction.atomic():
        assigned = {page.pk: given_facts for page, given_facts in zip(pages, data, strict=True)}
        for page in pages:
            file_under(page, assigned[page.pk])
        shown = listing(chosen)
        assert {page.pk for page in shown.page} == expected(assigned, chosen)
        assert shown.total == len(expected(assigned, chosen))
        offered = {(view.name, option.value): option.count for view in shown.facets for option in view.options}
        for (name, value), count in offered.items():
            assert count == len(expected(assigned, chosen | {name: [value]})), (name, value)
            assert count == listing(chosen | {name: [value]}).total
        for facet in FACETS:
            reachable = expected(assigned, chosen | {facet.name: []})
            values = {value for page in reachable for value in assigned[page].values(facet.name)}
            assert values <= {value for name, value in offered if name == facet.name}
        transaction.set_rollback(True)


def test_the_empty_selection_shows_everything(pages: list[PracticePage]) -> None:
    assert listing({}).total == NUMBER_OF_PAGES
    assert listing({}).chips == []


def test_a_theme_knows_all_themes_below_it(pages: list[PracticePage]) -> None:
    tree = ThemeTree.load()
    assert set(tree.with_descendants("civil-service")) == {"civil-service", "learning", "mentoring"}
    assert tree.with_descendants("mentoring") == ["mentoring"]
    assert tree.with_descendants("no-such-theme") == ["no-such-theme"]


def test_a_page_of_two_sub_themes_counts_once_for_the_theme_above(site: Site) -> None:
    top = make_theme("civil-service")
    make_practice(themes=[make_theme("learning", top), make_theme("recruitment", top)])
    counts = {
        option.value: option.count for view in listing({}).facets for option in view.options if view.name == "theme"
    }
    assert counts == {"civil-service": 1, "learning": 1, "recruitment": 1}


def test_values_are_offered_in_an_order_that_helps(site: Site) -> None:
    for number, code in enumerate(["UZ", "KZ", "KZ", "GE"]):
        make_practice(country=make_country(code), start_year=2018 + number, status=PracticeStatus.values[-1 - number])
    offered = {view.name: [option.value for option in view.options] for view in listing({}).facets}
    assert offered["country"] == ["KZ", "GE", "UZ"]
    assert offered["year"] == ["2021", "2020", "2019", "2018"]
    assert offered["status"] == [value for value in PracticeStatus.values if value in offered["status"]]


def test_facets_speak_the_readers_language(site: Site) -> None:
    make_practice(country=make_country("KZ"), themes=[make_theme("open-data", labels={"ru": "Открытые данные"})])
    with translation.override("ru"):
        labels = {option.label for view in listing({}).facets for option in view.options}
    assert {"Казахстан", "Открытые данные"} <= labels
