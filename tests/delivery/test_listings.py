"""How JSON is written so that fields are cut from it, and by what pages stand in lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from cms.delivery.lines import in_lines, line_of, written
from cms.delivery.models import Heading, Ledger, Listing, Published
from cms.delivery.services import settle
from cms.delivery.verification import differences
from tests.factories.pages import make_news, make_practice
from tests.factories.site import published
from tests.factories.vocabularies import make_concept, make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1).filter(lambda name: name not in {"id", "meta"})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(NAMES, JSON), st.dictionaries(NAMES, JSON))
def test_fields_are_cut_from_what_was_written_whatever_stands_in_them(
    body: dict[str, Any], meta: dict[str, Any]
) -> None:
    """No text has a line break of its own, not even one that says that it is a field."""
    data = {name: value for name, value in body.items() if name not in meta}
    whole = in_lines({"id": 1, "meta": meta, **data} if meta else {"id": 1, **data})
    assert json.loads(whole) == ({"id": 1, "meta": meta, **data} if meta else {"id": 1, **data})
    assert whole.replace("\n", "") == written(json.loads(whole)), "nothing but line breaks is added"
    for name, value in (data | meta).items():
        assert line_of(whole, name) == f'"{name}":{written(value)}'
    assert line_of(whole, "nothing here") is None


@pytest.mark.parametrize("text", ['\n"title":"no"', '"\n', "a,", "\u2028,", ",\n", "\\n"])
def test_a_text_that_looks_like_a_field_is_none(text: str) -> None:
    whole = in_lines({"id": 1, "meta": {"slug": text}, "summary": text, "title": "yes"})
    assert line_of(whole, "title") == '"title":"yes"'
    assert json.loads(f"{{{line_of(whole, 'summary')}}}") == {"summary": text}


def version() -> int:
    return Ledger.objects.get().version


def listing(page: Any) -> Listing | None:
    return Listing.objects.filter(pk=page.pk).first()


def test_a_page_stands_in_lists_as_it_is(ledger: Callable[[], None]) -> None:
    page = make_news(title="Opening", slug="opening")
    ledger()
    row = listing(page)
    assert row is not None
    facts = (row.type, row.locale, row.title, row.slug, row.path)
    assert facts == ("news.NewsPage", "en", "Opening", "opening", page.path)
    assert (row.first_published_at, row.last_published_at) == (page.first_published_at, page.last_published_at)
    assert {"title": "Opening", "id": page.pk}.items() <= json.loads(row.brief).items()
    page.title = "Closing"
    published(page)
    ledger()
    row = listing(page)
    assert row is not None
    assert row.title == json.loads(row.brief)["title"] == "Closing"


def test_what_is_hidden_stands_in_no_list(ledger: Callable[[], None]) -> None:
    page, other, gone = make_news(title="Hidden"), make_news(title="Shown"), make_news(title="Gone")
    ledger()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    gone.delete()
    ledger()
    assert [listing(one) is None for one in (page, other, gone)] == [True, False, True]


def test_a_page_that_is_moved_takes_its_new_place_and_so_do_those_beside_it(ledger: Callable[[], None]) -> None:
    first, second = make_practice(title="First"), make_practice(title="Second")
    ledger()
    Page.objects.get(pk=second.pk).move(Page.objects.get(pk=first.pk), pos="left")
    before = version()
    ledger()
    assert version() > before, "no list in the old order is kept"
    assert list(differences()) == []
    paths = dict(Page.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "path"))
    assert dict(Listing.objects.filter(pk__in=paths).values_list("pk", "path")) == paths
    assert set(Heading.objects.filter(page__in=paths).values_list("page", "path")) == set(paths.items())
    assert paths[second.pk] < paths[first.pk]


def under(page: Any) -> set[tuple[str, int]]:
    return set(Heading.objects.filter(page=page.pk).values_list("name", "key"))


def test_a_page_is_found_under_its_countries_themes_and_levels(ledger: Callable[[], None]) -> None:
    country, other, theme, level = make_country("KZ"), make_country("GE"), make_theme("digital"), make_concept()
    page = make_practice(country=country, countries=[country, other], themes=[theme], levels=[level])
    ledger()
    of_country = {("country", country.pk), ("country", other.pk), ("level", level.pk)}
    assert under(page) == of_country | {("theme", theme.pk)}
    page.page_themes = []
    page.title = "Renamed"
    published(page)
    ledger()
    assert under(page) == of_country
    kept = set(Heading.objects.filter(page=page.pk).values_list("pk", flat=True))
    page.refresh_from_db()
    page.save()
    settle()
    assert set(Heading.objects.filter(page=page.pk).values_list("pk", flat=True)) == kept, "what is right stays"
    Heading.objects.filter(page=page.pk, name="level").delete()
    assert [one.problem for one in differences() if one.object_id == page.pk] == ["stands otherwise in lists"]
    page.unpublish()
    ledger()
    assert under(page) == set()


def test_what_was_written_by_another_release_is_written_anew_without_an_entry(ledger: Callable[[], None]) -> None:
    page = make_news()
    ledger()
    row = Published.objects.get(object_id=page.pk)
    Published.objects.filter(pk=row.pk).update(payload=row.payload.replace("\n", ""))
    Listing.objects.filter(pk=page.pk).delete()
    assert [one.problem for one in differences() if one.object_id == page.pk] == ["stands otherwise in lists"]
    page.save()
    settle()
    after = Published.objects.get(object_id=page.pk)
    assert (after.payload, after.version, after.changed_at) == (row.payload, row.version, row.changed_at)
    assert listing(page) is not None
    assert list(differences()) == []


def test_lists_that_are_wrong_are_named(ledger: Callable[[], None]) -> None:
    page = make_news()
    ledger()
    Listing.objects.filter(pk=page.pk).update(title="Wrong")
    Listing.objects.create(pk=999_999, type="news.NewsPage", locale="en", path="1", title="No", slug="no", brief="{}")
    problems = {one.object_id: one.problem for one in differences()}
    assert problems == {page.pk: "stands otherwise in lists", 999_999: "is not public and stands in lists"}
