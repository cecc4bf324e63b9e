"""French is added to a running site by the documented steps: nothing becomes public by it, and the site goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.utils import translation
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from cms.translation.models import RequestedTranslation
from practices.models import PracticeIndexPage
from tests.factories.pages import make_practice
from tests.factories.site import homes, index_page
from tests.factories.translations import fill, save
from tests.workflows.people import hire, person

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings
    from wagtail.models import Site


@pytest.fixture
def practice(site: Site) -> Any:
    hire()
    Page.objects.filter(depth=3).update(show_in_menus=True)
    return make_practice(title="One window")


@pytest.fixture
def with_french(practice: Any, settings: Settings) -> Any:
    """The settings that the guide names."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]
    settings.WAGTAIL_CONTENT_LANGUAGES = [*settings.WAGTAIL_CONTENT_LANGUAGES, ("fr", "French")]
    settings.LANGUAGE_FALLBACKS = settings.LANGUAGE_FALLBACKS | {"fr": ["en"]}
    return practice


def add_locale(client: Client) -> None:
    client.force_login(person("administrator"))
    form = client.get("/admin/locales/new/").content.decode()
    assert "sync" not in form.lower(), "no form by which pages would become public in a language at once"
    client.post("/admin/locales/new/", {"language_code": "fr"})
    assert Locale.objects.filter(language_code="fr").exists()


def in_french() -> Any:
    return Page.objects.filter(locale__language_code="fr")


def test_the_settings_are_in_order(with_french: Any) -> None:
    call_command("check", fail_level="WARNING")


def test_a_language_alone_makes_no_page(client: Client, with_french: Any) -> None:
    add_locale(client)
    assert not in_french().exists()


@pytest.mark.parametrize("path", ["/en/", "/ru/", "/en/practices/", "/ru/practices/", "/en/search/?q=window"])
def test_the_other_languages_go_on(client: Client, with_french: Any, path: str) -> None:
    add_locale(client)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("is_there", [False, True], ids=["before the locale is added", "afterwards"])
def test_readers_of_the_new_language_see_another_one_marked_as_such(
    client: Client, with_french: Any, *, is_there: bool
) -> None:
    if is_there:
        add_locale(client)
        client.logout()
    page = client.get("/fr/")
    assert page.status_code == 200
    text = page.content.decode()
    assert '<html lang="fr"' in text
    assert 'lang="en"' in text
    assert "What works in public administration, shared" in text


def test_its_interface_falls_back_to_english(with_french: Any) -> None:
    with translation.override("fr"):
        assert translation.gettext("Read the original") == "Read the original"


def test_pages_are_asked_for_made_as_drafts_and_published_one_by_one(client: Client, with_french: Any) -> None:
    add_locale(client)
    home, index = homes()["en"], index_page(PracticeIndexPage)
    client.force_login(person("publisher"))
    client.post(f"/admin/localize/submit/page/{home.pk}/", {"languages": ["fr"], "with_pages_below": "on"})
    wanted = Page.objects.descendant_of(home, inclusive=True).count()
    assert RequestedTranslation.objects.filter(progress="ready").count() == wanted == in_french().count()
    assert not in_french().filter(live=True).exists()
    assert '<a href="/fr/practices/"' in client.get("/fr/").content.decode()

    for item in RequestedTranslation.objects.filter(source__in=[home, index, with_french]):
        french = Translation.objects.get(source__object_id=item.source.translation_key, target_locale=item.locale)
        fill(french)
        save(french)
    text = client.get("/fr/").content.decode()
    assert "fr What works in public administration, shared." in text
    assert "fr One window" in client.get(f"/fr/fr-practices/fr-{with_french.slug}/").content.decode()
    assert in_french().filter(live=True).count() == 3
