"""Generated content: as many items as asked for, whole pages, and gone again without a trace."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from home.load.builders import SHARES, Plan
from home.load.material import Material, Texts
from practices.models import PracticePage
from reports.models import CountryReportPage
from taxonomy.choices import Scheme
from tests.factories.pages import make_country_page, make_practice
from tests.factories.site import translate
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_concept, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

ITEMS = 30


@pytest.fixture
def material(site: Site, settings: Any) -> None:
    """The least that generated pages are made of."""
    settings.DEBUG = True
    make_theme()
    make_concept(Scheme.INNOVATION_TYPE, "process")
    make_indicator()
    make_organisation()
    for page in (make_practice(), make_country_page()):
        for language in ("ru", "kk"):
            translate(page, language)


def load(*arguments: Any, **options: Any) -> str:
    output = StringIO()
    call_command("load", *arguments, stdout=output, **options)
    return output.getvalue()


def generated() -> Any:
    return Page.objects.filter(slug__startswith="load-")


def test_every_item_exists_in_every_language(material: None) -> None:
    output = load(ITEMS)
    assert f"{ITEMS * 3} of {ITEMS * 3} pages written" in output
    assert generated().count() == ITEMS * 3
    assert generated().values("translation_key").distinct().count() == ITEMS
    assert set(generated().values_list("locale__language_code", flat=True)) == {"en", "ru", "kk"}


def test_tree_is_sound_afterwards(material: None) -> None:
    load(ITEMS)
    assert not any(Page.find_problems())
    practice = generated().type(PracticePage).first()
    assert practice.get_parent().get_children().count() == practice.get_parent().numchild


def test_pages_are_whole(material: None, client: Client) -> None:
    load(ITEMS)
    for model in SHARES:
        page = model.objects.filter(slug__startswith="load-", locale__language_code="ru").first()
        assert page is not None, f"{ITEMS} items hold no {model.__name__}"
        answer = client.get(page.url)
        assert answer.status_code == 200
        assert page.title in answer.content.decode()
        assert page.countries
        assert page.themes


def test_reports_stand_below_their_country(material: None) -> None:
    load(ITEMS)
    for report in CountryReportPage.objects.filter(slug__startswith="load-"):
        assert report.get_parent().specific.country == report.country
        assert report.period_start < report.period_end


def test_generated_pages_are_found(material: None) -> None:
    load(ITEMS)
    title = PracticePage.objects.filter(slug__startswith="load-").first().title
    assert PracticePage.objects.search(title).count() > 0


def test_second_run_adds_what_is_missing_only(material: None) -> None:
    load(10)
    before = dict(generated().values_list("pk", "title"))
    load(10)
    assert dict(generated().values_list("pk", "title")) == before
    load(12)
    assert generated().count() == 36
    assert before.items() <= dict(generated().values_list("pk", "title")).items()


def test_same_number_gives_the_same_item(material: None) -> None:
    first, second = Plan(7, Material.collect()), Plan(7, Material.collect())
    assert (first.model, first.key, first.countries, first.facts.keys()) == (
        second.model,
        second.key,
        second.countries,
        second.facts.keys(),
    )
    assert first.page("kk").title == second.page("kk").title


def test_removal_leaves_the_rest(material: None) -> None:
    before = set(Page.objects.values_list("pk", "numchild"))
    load(ITEMS)
    output = load(remove=True)
    assert f"{ITEMS * 3} pages removed" in output
    assert set(Page.objects.values_list("pk", "numchild")) == before
    assert not any(Page.find_problems())


def test_public_site_is_protected(material: None, settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--force"):
        load(1)
    assert not generated().exists()
    load(1, force=True)
    assert generated().count() == 3


def test_what_is_missing_is_named(site: Site, settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match=r"no country profile in all languages.*manage\.py demo"):
        load(1)
    for page in (make_country_page(), make_practice()):
        for language in ("ru", "kk"):
            translate(page, language)
    with pytest.raises(CommandError, match="no theme to point to"):
        load(1)


def test_languages_without_a_practice_have_no_words(site: Site) -> None:
    make_practice()
    assert Texts.of("en").sentences
    with pytest.raises(CommandError, match=r"no practice in “ru”.*manage\.py demo"):
        Texts.of("ru")
