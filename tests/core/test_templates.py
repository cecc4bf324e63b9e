"""What every public page owes its readers: valid HTML, one title, marked languages, sized pictures, few bytes."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from practices.models import PracticeIndexPage
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_practice, make_standard_page
from tests.factories.site import homes, index_page, translate
from tests.factories.vocabularies import make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

KILOBYTE = 1024
LANGUAGES = ["en", "ru", "kk", "ar"]


@pytest.fixture
def practice(site: Site) -> Any:
    body = [
        ("heading", "How it went on"),
        ("text", "<p>It <b>spread</b>.</p>"),
        ("quote", {"text": "It saved a day.", "attribution": "A registrar"}),
        ("figure", {"image": make_image(), "alternative_text": "A desk", "caption": "", "credit": "The office"}),
        ("file", {"document": make_document(), "title": "Handbook"}),
        ("callout", {"title": "Mind", "text": "<p>Begin small.</p>"}),
        ("key_figures", {"figures": [{"value": "14", "label": "days", "source": "illustrative"}]}),
        ("call_to_action", {"text": "Ask", "button": "Write", "page": None, "url": "https://example.org/"}),
    ]
    facts = {"themes": [make_theme()], "cover_image": make_image(), "cover_alt": "A window", "is_illustrative": True}
    page = make_practice(title="One window", slug="one-window", body=body, **facts)
    make_practice(title="Open kitchen", related=[page])
    make_standard_page()
    translate(page, "ru", title="Одно окно", slug="one-window")
    return page


def html(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return str(response.content.decode())


def elements(text: str, name: str) -> list[Any]:
    return list(html5lib.parse(text, namespaceHTMLElements=False).iter(name))


def addresses(language: str) -> list[str]:
    pages = ["", "practices/", "practices/?theme=digital&sort=title", "search/?q=window", "nothing-here/"]
    own = {"en": ["practices/one-window/", "about/"], "ar": ["practices/one-window/"], "ru": ["practices/one-window/"]}
    return [f"/{language}/{path}" for path in [*pages, *own.get(language, [])]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_valid_and_load_nothing_that_the_security_policy_forbids(
    client: Client, practice: Any, language: str
) -> None:
    for address in addresses(language):
        text = html(client, address, 404 if "nothing" in address else 200)
        html5lib.HTMLParser(strict=True).parse(text)
        repeated = [name for name, count in Counter(re.findall(r'\sid="([^"]+)"', text)).items() if count > 1]
        assert repeated == [], address
        assert re.findall(r'\s(?:style|on\w+)="', text) == [], address
        assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "ld+json" not in tag] == []
        assert re.findall(r'(?:src|srcset)="https?:', text) == [], address


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_have_one_title_and_name_their_language(client: Client, practice: Any, language: str) -> None:
    for address in addresses(language):
        text = html(client, address, 404 if "nothing" in address else 200)
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in text
        assert len(elements(text, "h1")) == 1, address
        assert len(elements(text, "main")) == 1, address
        assert elements(text, "title")[0].text.strip(), address


def test_headings_skip_no_level(client: Client, practice: Any) -> None:
    for address in addresses("en"):
        text = html(client, address, 404 if "nothing" in address else 200)
        levels = [int(level) for level in re.findall(r"<h(\d)", text)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), address


def test_pictures_have_size_and_alternative_text(client: Client, practice: Any) -> None:
    pictures = elements(html(client, practice.url), "img") + elements(html(client, "/en/practices/"), "img")
    assert len(pictures) > 3
    assert [picture.attrib for picture in pictures if not {"width", "height", "alt"} <= set(picture.attrib)] == []


def test_a_cover_comes_in_several_sizes(client: Client, practice: Any) -> None:
    cover = next(image for image in elements(html(client, practice.url), "img") if image.get("alt") == "A window")
    assert "64w" in cover.get("srcset")
    assert cover.get("sizes")


def test_every_link_to_a_part_of_the_page_leads_somewhere(client: Client, practice: Any) -> None:
    text = html(client, practice.url)
    ids = set(re.findall(r'\sid="([^"]+)"', text))
    targets = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r'(?:for|aria-labelledby)="([^"]+)"', text))
    assert "content" in targets
    assert targets <= ids


def test_text_in_another_language_than_the_page_is_marked(client: Client, practice: Any) -> None:
    text = html(client, "/ar/practices/one-window/")
    assert '<h1 lang="en" dir="ltr">One window</h1>' in text
    assert '<div class="prose" lang="en" dir="ltr">' in text
    assert 'lang="ru"' not in html(client, "/ru/practices/one-window/").split("<main")[1].split('class="facts')[0]


def test_readers_are_told_that_a_page_is_illustrative_or_in_another_language(client: Client, practice: Any) -> None:
    assert html(client, practice.url).count('class="note"') == 1
    assert html(client, "/ar/practices/one-window/").count('class="note"') == 2


def test_search_engines_and_networks_find_what_they_need(client: Client, practice: Any) -> None:
    head = html(client, practice.url).split("</head>")[0]
    assert '<link rel="canonical" href="http://testserver/en/practices/one-window/">' in head
    assert '<link rel="alternate" hreflang="ru" href="http://testserver/ru/practices/one-window/">' in head
    assert '<meta property="og:title" content="One window">' in head
    assert '<meta name="description" content="What was done, and what came of it.">' in head


def test_the_menu_marks_where_the_reader_is(client: Client, practice: Any) -> None:
    index = index_page(PracticeIndexPage)
    index.show_in_menus = True
    index.save()
    text = html(client, practice.url)
    assert '<a href="/en/practices/" aria-current="true">Practices</a>' in text
    assert '<a href="/en/practices/">Practices</a>' in html(client, "/en/about/")


@pytest.mark.parametrize("address", ["/en/", "/en/practices/", "/en/practices/one-window/"])
def test_html_styles_and_scripts_stay_small(client: Client, practice: Any, address: str) -> None:
    text = html(client, address)
    files = re.findall(r'(?:href|src)="/static/(core/(?:css|js)/[^"]+)"', text)
    sizes = [len(gzip.compress(Path(finders.find(name) or "").read_bytes())) for name in set(files)]
    assert len(sizes) >= 5
    assert sum(sizes) + len(gzip.compress(text.encode())) < 40 * KILOBYTE


def test_a_missing_page_offers_search_and_home(client: Client, site: Site) -> None:
    text = html(client, "/ru/nothing-here/", 404)
    assert 'action="/ru/search/"' in text
    assert 'href="/ru/"' in text
    assert 'content="noindex"' in text
    assert 'class="ornament"' in text


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_error_pages_say_what_happened(client: Client, site: Site, name: str, rf: Any) -> None:
    text = render_to_string(name, request=rf.get("/en/"))
    html5lib.HTMLParser(strict=True).parse(text)
    assert elements(text, "h1")[0].text.strip()


def test_the_page_of_a_fault_needs_nothing() -> None:
    text = render_to_string("500.html")
    html5lib.HTMLParser(strict=True).parse(text.split("<!doctype html>")[1].join(["<!doctype html>", ""]))
    assert "Something went wrong" in text


def test_a_page_without_content_of_its_own_type_still_stands(client: Client, site: Site) -> None:
    """The welcome of a new site: a home page without practices, news or figures."""
    text = html(client, homes()["kk"].url)
    assert "<h1>" in text
    assert "key-figure" not in text
