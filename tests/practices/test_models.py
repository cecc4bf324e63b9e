"""Rules of a practice and what its page and its public JSON tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from practices.models import (
    PracticeFile,
    PracticeFunction,
    PracticeIndexPage,
    PracticePage,
    PracticeResult,
    PracticeTarget,
)
from taxonomy.choices import Scheme
from tests.factories.media import make_document
from tests.factories.pages import make_news, make_practice
from tests.factories.site import index_page, translate
from tests.factories.vocabularies import make_concept

if TYPE_CHECKING:
    from wagtail.models import Site


def errors_of(page: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    return caught.value.message_dict


@pytest.mark.parametrize(
    "name", ["problem", "approach", "novelty", "challenges", "lessons", "summary", "lead_organisation"]
)
def test_a_practice_cannot_be_published_without_what_others_need_to_reuse_it(site: Site, name: str) -> None:
    page = make_practice()
    setattr(page, name, None if name == "lead_organisation" else "")
    assert list(errors_of(page)) == [name]


@pytest.mark.parametrize("name", ["methods", "conditions", "advice", "needs", "funding"])
def test_other_sections_may_be_left_out(site: Site, name: str) -> None:
    page = make_practice(**{name: ""})
    page.full_clean()
    assert name not in [anchor for anchor, _heading, _text in page.sections]


@pytest.mark.parametrize(("start", "end", "valid"), [(2019, 2021, True), (2021, 2021, True), (2021, 2020, False)])
def test_a_practice_cannot_end_before_it_starts(site: Site, start: int, end: int, *, valid: bool) -> None:
    page = make_practice()
    page.start_year, page.end_year = start, end
    if valid:
        page.full_clean()
    else:
        assert list(errors_of(page)) == ["end_year"]


@pytest.mark.parametrize("year", [1949, 2101])
def test_a_year_must_be_believable(site: Site, year: int) -> None:
    page = make_practice()
    page.start_year = year
    assert "start_year" in errors_of(page)


def test_a_contact_form_needs_an_address_to_write_to(site: Site) -> None:
    page = make_practice()
    page.has_contact_form = True
    assert list(errors_of(page)) == ["contact_email"]
    page.contact_email = "registry@example.org"
    page.full_clean()


def test_sections_stand_in_reading_order_under_their_own_headings(site: Site) -> None:
    page = make_practice(methods="<p>Interviews.</p>", advice="<p>Begin small.</p>")
    assert [anchor for anchor, _heading, _text in page.sections] == [
        "problem",
        "approach",
        "novelty",
        "beneficiaries",
        "methods",
        "challenges",
        "lessons",
        "advice",
    ]
    assert page.sections[0] == ("problem", "Problem", "<p>The problem of it.</p>")


def test_a_practice_knows_its_functions_and_goals(site: Site) -> None:
    function, target = make_concept(Scheme.COFOG, "01.3"), make_concept(Scheme.SDG, "16.6")
    page = make_practice(functions=[PracticeFunction(concept=function)], sdg_targets=[PracticeTarget(concept=target)])
    assert page.functions_of_government == [function]
    assert page.sustainable_development_goals == [target]


def test_parts_keep_the_order_in_which_they_were_given(site: Site) -> None:
    document = make_document()
    page = make_practice(
        results=[PracticeResult(text=text) for text in ("second thought", "afterthought", "before all")],
        files=[PracticeFile(document=document, language=code, title=code) for code in ("kk", "en", "ru")],
    )
    assert [result.text for result in page.results.all()] == ["second thought", "afterthought", "before all"]
    assert [file.language for file in page.files.all()] == ["kk", "en", "ru"]


def test_the_catalogue_of_a_language_lists_its_own_practices_and_what_others_have_besides(site: Site) -> None:
    both = make_practice(title="In both")
    make_practice(title="English")
    translate(both, "kk", title="Екеуінде")
    make_practice(index_page(PracticeIndexPage, "kk"), title="Қазақша")
    titles = {page.title for page in index_page(PracticeIndexPage, "kk").listed_pages()}
    assert titles == {"Екеуінде", "Қазақша", "English"}


def test_nothing_but_practices_belongs_into_the_catalogue(site: Site) -> None:
    assert index_page(PracticeIndexPage).allowed_subpage_models() == [PracticePage]
    assert PracticePage.allowed_subpage_models() == []


def test_there_is_one_catalogue_per_language(site: Site) -> None:
    home = index_page(PracticeIndexPage).get_parent().specific
    assert not PracticeIndexPage.can_create_at(home)


def test_a_relation_to_a_page_is_lost_with_the_page(site: Site) -> None:
    news = make_news()
    page = make_practice(related=[news])
    news.delete()
    assert PracticePage.objects.get(pk=page.pk).related_pages == []
