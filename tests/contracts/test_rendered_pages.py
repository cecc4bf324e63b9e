"""Every type of page in every language, rendered once: what its HTML owes to browsers, screen readers and engines."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import html5lib
import polib
import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache as kept
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.models import Page

from cms.core import memory
from reports.models import IndicatorLabel
from taxonomy.models import ConceptLabel, OrganisationLabel, ThemeLabel
from tests.contracts.sources import ROOT
from tests.factories.examples import FULL
from tests.factories.pages import make_adaptation
from tests.factories.site import homes, published, translate
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "ru", "kk", "ar")
INDEXES = ("practices", "countries", "reports", "indicators", "news", "events")
OTHERS = ("search/", "search/?q=window", "search/?q=zzqq", "indicators/OXCGRT.STRINGENCY/", "practices/?status=pilot")
WORDS = {"ru": "Слово по-русски", "kk": "Қазақша сөз"}
# The title that each list has in the other languages, so that English words of the frame stand out.
TITLES = {
    "ru": dict(zip(INDEXES, ("Опыт", "Страны мира", "Доклады", "Показатели", "Вести", "Встречи"), strict=True)),
    "kk": dict(zip(INDEXES, ("Тәжірибе", "Елдер", "Баяндамалар", "Көрсеткіш", "Жаңалық", "Кездесу"), strict=True)),
}


@pytest.fixture(scope="module")
def pages(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, dict[str, str]]:
    """The HTML of each page, by language and path without its prefix."""
    rendered: dict[str, dict[str, str]] = made_once(render)
    return rendered


def render() -> dict[str, dict[str, str]]:
    full = {name: make() for name, make in FULL.items()}
    make_adaptation(full["practice"], make_country("UZ"), changed={"en": "Two desks.", "ru": "Два стола."})
    for language, word in WORDS.items():
        for page in full.values():
            if page.slug != "home":
                translate_whole(page, language, word)
        for model in (ConceptLabel, OrganisationLabel, ThemeLabel, IndicatorLabel):
            add_labels(model, language, word)
        for slug, title in TITLES[language].items():
            index = Page.objects.get(slug=slug, locale__language_code=language).specific
            index.title, index.summary, index.show_in_menus = title, word, True
            published(index)
        home = homes()[language]
        home.title, home.summary = word, word
        published(home)
    kept.clear()
    memory.forget()
    return {language: dict(answers(language, full)) for language in LANGUAGES}


def translate_whole(page: Any, language: str, word: str) -> None:
    """A version with the parents that it needs, whose title and summary are words of its language."""
    parent = page.get_parent()
    if not parent.get_translations().filter(locale__language_code=language).exists():
        translate(parent.specific, language, title=word)
    if not page.get_translations().filter(locale__language_code=language).exists():
        translate(page, language, title=word, summary=word)


def add_labels(model: Any, language: str, word: str) -> None:
    for row in model.objects.filter(language="en"):
        row.pk, row.language, row.label = None, language, f"{word} {row.owner_id}"
        row.save()


def answers(language: str, full: dict[str, Any]) -> Iterator[tuple[str, str]]:
    client = Client()
    written = language if language in WORDS else "en"
    found = Page.objects.filter(translation_key__in=[page.translation_key for page in full.values()])
    own = [page.get_url().removeprefix(f"/{written}/") for page in found.filter(locale__language_code=written)]
    for path in ["", *own, *(f"{slug}/" for slug in INDEXES), *OTHERS]:
        response = client.get(f"/{language}/{path}")
        assert response.status_code == 200, f"/{language}/{path}"
        yield path, response.content.decode()


def each(pages: dict[str, dict[str, str]]) -> Iterator[tuple[str, str, Any]]:
    """Language, path and document of every page."""
    for language, rendered in pages.items():
        for path, html in rendered.items():
            yield language, path, parsed(html)


@cache
def parsed(html: str) -> Any:
    return html5lib.parse(html, namespaceHTMLElements=False)


def all_of(document: Any, *names: str) -> list[Any]:
    return [element for element in document.iter() if element.tag in names]


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def failing(pages: dict[str, dict[str, str]], check: Callable[[str, str, Any], Iterable[Any]]) -> dict[str, list[Any]]:
    """What is wrong, by address; a check yields what it finds wrong with a page."""
    found = {f"/{language}/{path}": list(check(language, path, document)) for language, path, document in each(pages)}
    return {address: wrong for address, wrong in found.items() if wrong}


def test_every_type_of_page_is_among_them(pages: dict[str, dict[str, str]]) -> None:
    assert {len(rendered) for rendered in pages.values()} == {len(FULL) + len(INDEXES) + len(OTHERS)}


def test_html_is_what_the_standard_says(pages: dict[str, dict[str, str]]) -> None:
    for rendered in pages.values():
        for html in rendered.values():
            html5lib.HTMLParser(strict=True).parse(html)


def test_a_page_names_its_language_and_direction(pages: dict[str, dict[str, str]]) -> None:
    def check(language: str, _path: str, document: Any) -> Iterator[Any]:
        direction = "rtl" if language == "ar" else "ltr"
        if (document.get("lang"), document.get("dir")) != (language, direction):
            yield document.attrib
        for part in all_of(document, "div", "p", "h1", "h2", "h3", "blockquote"):
            if part.get("lang") and part.get("lang") not in LANGUAGES:
                yield part.attrib
            if language == "ar" and part.get("lang") in {"en", "ru", "kk"} and part.get("dir") != "ltr":
                yield f"{part.tag} in {part.get('lang')} without direction"

    assert failing(pages, check) == {}


def test_a_page_has_one_heading_of_the_first_level_and_skips_none(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        headings = all_of(document, "h1", "h2", "h3", "h4", "h5", "h6")
        levels = [int(heading.tag[1]) for heading in headings]
        if levels.count(1) != 1 or levels[0] != 1:
            yield levels
        yield from (pair for pair in pairwise(levels) if pair[1] - pair[0] > 1)
        yield from (heading.tag for heading in headings if not words(heading))

    assert failing(pages, check) == {}


def test_landmarks_are_there_once_and_those_of_a_kind_have_names(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        if len(all_of(document, "main")) != 1:
            yield "main"
        navigations = [one.get("aria-label") or one.get("aria-labelledby") for one in all_of(document, "nav")]
        if None in navigations or len(set(navigations)) < len(navigations):
            yield navigations
        first = next(one for one in all_of(document, "a") if one.get("href"))
        if not first.get("href", "").startswith("#"):
            yield "no way past the menu"

    assert failing(pages, check) == {}


def test_every_picture_has_an_alternative_and_a_size(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        for picture in all_of(document, "img"):
            if not {"alt", "width", "height"} <= set(picture.attrib):
                yield picture.attrib
        for drawing in all_of(document, "{http://www.w3.org/2000/svg}svg", "svg"):
            is_named = drawing.get("role") == "img" and (drawing.get("aria-labelledby") or drawing.get("aria-label"))
            if not is_named and drawing.get("aria-hidden") != "true":
                yield drawing.attrib

    assert failing(pages, check) == {}
    assert "<img" in pages["en"]["practices/"]


def test_every_field_has_a_label_and_every_button_a_word(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        labels = all_of(document, "label")
        targets = {label.get("for") for label in labels if words(label)}
        inside = {field for label in labels if words(label) for field in label.iter()}
        for field in all_of(document, "input", "select", "textarea"):
            is_named = field.get("id") in targets or field in inside or field.get("aria-label")
            if field.get("type") not in {"hidden", "submit"} and not is_named:
                yield field.attrib
        for button in all_of(document, "button", "a"):
            pictures = [one for one in button.iter() if one.get("alt") or one.get("aria-label")]
            if not words(button) and not pictures and not button.get("aria-hidden"):
                yield button.attrib

    assert failing(pages, check) == {}


REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


def test_names_of_parts_are_unique_and_references_lead_to_them(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
        yield from (name for name, count in ids.items() if count > 1)
        for element in document.iter():
            named = " ".join(
                element.get(name, "") for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls")
            )
            yield from (name for name in named.split() if name not in ids)
            href = element.get("href", "")
            if href.startswith("#") and len(href) > 1 and href[1:] not in ids and element.tag == "a":
                yield href

    assert failing(pages, check) == {}


def test_nothing_needs_a_weaker_security_policy(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        yield from (one.attrib for one in all_of(document, "style"))
        for script in all_of(document, "script"):
            if not script.get("src", "").startswith("/static/") and script.get("type") != "application/ld+json":
                yield script.attrib
        for element in document.iter():
            yield from (name for name in element.attrib if str(name).startswith("on") or name == "style")
            for name in ("src", "srcset", "poster", "data"):
                if re.match(r"(?:https?:)?//", element.get(name, "")):
                    yield element.attrib
        yield from (one.get("href") for one in all_of(document, "a") if one.get("href", "").startswith("javascript:"))
        yield from (one.attrib for one in all_of(document, "iframe", "object", "embed", "base"))

    assert failing(pages, check) == {}


MOMENT = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d))?)?)?")


def test_tables_have_names_and_headings_and_times_a_form_for_programs(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        regions = [one for one in document.iter() if one.get("role") == "region"]
        named = [one for one in regions if one.get("aria-label") or one.get("aria-labelledby")]
        in_region = {table for one in named for table in one.iter("table")}
        for table in all_of(document, "table"):
            if table not in in_region and not any(words(caption) for caption in table.iter("caption")):
                yield f"a table without a name: {words(table)[:60]}"
            if any(cell.get("scope") not in {"col", "row", "rowgroup"} for cell in table.iter("th")):
                yield "a heading of neither a row, nor a column, nor a group of rows"
        for time in all_of(document, "time"):
            if not re.fullmatch(
                r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d))?)?)?", time.get("datetime", "")
            ):
                yield time.attrib
        terms = [child.tag for one in all_of(document, "dl") for child in one.iter() if child.tag in {"dt", "dd"}]
        if terms and terms[0] != "dt":
            yield terms

    assert failing(pages, check) == {}


def head_links(document: Any, kind: str) -> list[Any]:
    return [link for link in all_of(document, "link") if link.get("rel") == kind]


def test_every_page_has_one_address_of_its_own(pages: dict[str, dict[str, str]]) -> None:
    def check(language: str, path: str, document: Any) -> Iterator[Any]:
        addresses = [link.get("href") for link in head_links(document, "canonical")]
        own = "en" if language == "ar" and not path.startswith("search") else language
        if addresses != [f"http://testserver/{own}/{path.partition('?')[0]}"]:
            yield addresses

    assert failing(pages, check) == {}


def test_versions_in_other_languages_name_each_other(pages: dict[str, dict[str, str]]) -> None:
    named: dict[str, dict[str, str]] = {}
    for language, path, document in each(pages):
        if language != "ar" and not path.startswith("search"):
            links = [link for link in head_links(document, "alternate") if link.get("hreflang")]
            named[f"http://testserver/{language}/{path.partition('?')[0]}"] = {
                link.get("hreflang"): link.get("href") for link in links
            }
    for address, versions in named.items():
        assert set(versions) == {"en", "ru", "kk", "x-default"}, address
        assert address in versions.values()
        assert versions["x-default"] == versions["en"]
        for language in ("en", "ru", "kk"):
            assert named[versions[language]] == versions, address


def test_every_page_introduces_itself_to_engines_and_networks(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, path: str, document: Any) -> Iterator[Any]:
        metas = {meta.get("name") or meta.get("property"): meta.get("content") for meta in all_of(document, "meta")}
        needed = ["description", "viewport", "og:title", "og:image", "og:url"]
        yield from (name for name in needed if not metas.get(name) and not path.startswith("search"))
        if ("noindex" in (metas.get("robots") or "")) and not path.startswith("search"):
            yield "hidden from search engines"
        titles = all_of(document, "title")
        if not titles or not words(titles[0]):
            yield "no title"

    assert failing(pages, check) == {}


# English words of the examples that are words of the frame as well, and what only looks like a month.
EXAMPLES = {"Year", "illustrative", "Waiting time", "Agreed in June."}
MONTHS = re.compile(r"\b(January|February|March|April|June|July|August|September|October|November|December)\b")


def texts_of(document: Any, foreign: str) -> Iterator[str]:
    """Pieces of visible text, without those that are marked as being in another language."""

    def walk(element: Any) -> Iterator[str]:
        if element.tag in {"script", "style", "title", "desc", "head"} or element.get("lang") == foreign:
            return
        if element.text and element.text.strip():
            yield " ".join(element.text.split())
        for name in ("aria-label", "placeholder", "title"):
            if element.get(name):
                yield element.get(name)
        for child in element:
            yield from walk(child)
            if child.tail and child.tail.strip():
                yield " ".join(child.tail.split())

    return walk(next(document.iter("body")))


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_frame_has_no_english_word_left(pages: dict[str, dict[str, str]], language: str) -> None:
    catalogue = polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po"))
    english = {entry.msgid for entry in catalogue if entry.msgstr and entry.msgstr != entry.msgid}
    left = {
        path: found
        for path, html in pages[language].items()
        if (
            found := {text for text in texts_of(parsed(html), "en") if text in english or MONTHS.search(text)}
            - EXAMPLES
        )
    }
    assert left == {}


def test_links_within_the_site_lead_somewhere(client: Client, pages: dict[str, dict[str, str]]) -> None:
    found: dict[str, str] = {}
    for language, path, document in each(pages):
        for link in all_of(document, "a", "link", "form", "script", "img"):
            target = urlsplit(link.get("href") or link.get("action") or link.get("src") or "")
            if language in {"en", "kk"} and not target.scheme and target.path.startswith("/"):
                found.setdefault(target.path, f"/{language}/{path}")
    assert len(found) > 40
    assert {address: on for address, on in found.items() if not exists(client, address)} == {}


def exists(client: Client, address: str) -> bool:
    if address.startswith("/static/"):
        return bool(finders.find(address.removeprefix("/static/")))
    if address.startswith("/media/"):
        return default_storage.exists(address.removeprefix("/media/"))
    response: Any = client.get(address)
    list(response.streaming_content if response.streaming else [])  # a file is closed at its end
    return bool(response.status_code == 200)


def test_links_to_other_sites_open_in_place_and_give_nothing_away(pages: dict[str, dict[str, str]]) -> None:
    def check(_language: str, _path: str, document: Any) -> Iterator[Any]:
        for link in all_of(document, "a"):
            target = urlsplit(link.get("href", ""))
            if link.get("target"):
                yield link.attrib
            if target.scheme and target.scheme not in {"http", "https", "mailto"}:
                yield link.attrib

    assert failing(pages, check) == {}
