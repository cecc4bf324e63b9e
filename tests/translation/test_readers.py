"""What readers see of a page of every type that is public in two languages of three, and outdated in one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from django.conf import settings as django_settings
from django.utils import translation

from cms.translation.models import TranslationState
from tests.factories.examples import FULL
from tests.factories.site import INDEXES, homes, index_page, published
from tests.factories.translations import translated

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
every_type = pytest.mark.parametrize("kind", FULL)


@dataclass
class Document:
    """A page as a browser reads it."""

    html: str

    def __post_init__(self) -> None:
        self.tree = html5lib.parse(self.html, namespaceHTMLElements=False)

    def links(self, rel: str) -> dict[str, str]:
        """Addresses in the head by their language."""
        found = [link for link in self.tree.iter("link") if link.get("rel") == rel]
        return {link.get("hreflang", ""): link.get("href", "") for link in found}

    def switcher(self) -> dict[str, str]:
        """Where the languages lead: their links by `hreflang`, those in the navigation between languages."""
        places = [nav for nav in self.tree.iter("nav") if any(link.get("hreflang") for link in nav.iter("a"))]
        return {link.get("hreflang", ""): link.get("href", "") for link in places[0].iter("a")}

    @property
    def root(self) -> tuple[str | None, str | None]:
        return self.tree.get("lang"), self.tree.get("dir")

    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.tree.itertext()))


def address(page: Any) -> str:
    """Where a page stands for readers of its language."""
    with translation.override(page.locale.language_code):
        return str(page.url)


def absolute(page: Any) -> str:
    return f"{django_settings.PUBLIC_URL}{address(page)}"


@pytest.fixture
def versions(site: Site, kind: str) -> dict[str, Any]:
    """Public in English and Russian; in Kazakh a draft."""
    page = FULL[kind]()
    if kind == "home":
        for code in ("ru", "kk"):
            homes()[code].delete()
    russian = translated(page)
    translated(page, "kk", publish=False)
    page = type(page).objects.get(pk=page.pk)
    page.summary = f"{page.summary} And more."
    return {"en": published(page), "ru": russian}


def opened(client: Client, address: str) -> Document:
    answer = client.get(address)
    assert answer.status_code == 200
    return Document(answer.content.decode())


@every_type
def test_search_engines_and_the_switcher_know_the_public_versions_alone(
    client: Client, versions: dict[str, Any], kind: str
) -> None:
    for language, other in (("en", "ru"), ("ru", "en")):
        page = opened(client, address(versions[language]))
        assert page.root == (language, "ltr")
        assert page.links("canonical") == {"": absolute(versions[language])}
        alternates = page.links("alternate")
        assert alternates.items() >= {code: absolute(version) for code, version in versions.items()}.items()
        assert set(alternates) & {"kk", "ar"} == set()
        assert page.switcher()[other] == address(versions[other])
        assert client.get(page.switcher()["kk"]).status_code == 200


@pytest.mark.parametrize("model", INDEXES, ids=lambda model: model.__name__)
@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_lists_say_their_language_and_where_the_others_stand(
    client: Client, site: Site, model: Any, language: str
) -> None:
    versions = {code: index_page(model, code) for code in ("en", "ru", "kk")}
    page = opened(client, address(versions["en"]).replace("/en/", f"/{language}/", 1))
    assert page.root == (language, "rtl" if language == "ar" else "ltr")
    assert page.links("canonical") == {"": absolute(versions["en" if language == "ar" else language])}
    alternates = {code: absolute(version) for code, version in versions.items()}
    assert page.links("alternate").items() >= {**alternates, "x-default": alternates["en"]}.items()
    assert "ar" not in page.links("alternate")
    others = {code: address(version) for code, version in versions.items() if code != language}
    assert page.switcher().items() >= others.items()


@every_type
def test_where_a_language_has_no_version_there_is_none_or_one_marked_as_foreign(
    client: Client, versions: dict[str, Any], kind: str
) -> None:
    draft = TranslationState.objects.get(source=versions["en"].pk, language="kk").page
    shown = versions["en"].summary if kind == "home" else versions["en"].title
    if kind == "home":
        assert shown in opened(client, "/kk/").text()
    else:
        assert client.get(address(draft)).status_code == 404
    page = opened(client, address(versions["en"]).replace("/en/", "/ar/", 1))
    assert page.root == ("ar", "rtl")
    foreign = [part for part in page.tree.iter() if part.get("lang") == "en" and shown in "".join(part.itertext())]
    assert foreign
    assert all(part.get("dir") == "ltr" for part in foreign)


@every_type
def test_an_outdated_version_says_so_and_mixes_nothing(client: Client, versions: dict[str, Any], kind: str) -> None:
    page = opened(client, address(versions["ru"]))
    assert "And more." not in page.text()
    assert versions["ru"].summary in page.text()
    assert versions["ru"].summary.startswith("ru ")
    assert "Оригинал изменён" in page.text()
    assert address(versions["en"]) in [link.get("href") for link in page.tree.iter("a") if link.get("hreflang") == "en"]
    assert "Оригинал изменён" not in opened(client, address(versions["en"])).text()
