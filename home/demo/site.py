"""The frame of the site: languages, home pages, index pages, standard pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Locale, Page, Site

from home.demo import pages
from home.demo.reader import CONTENT, Item, read_items, read_table
from home.models import Door, HomeFigureLink, HomePage, StandardPage
from ideas.models import IdeaIndexPage
from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage
from reports.models import CountryIndexPage, IndicatorIndexPage, ReportIndexPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from home.demo.publisher import Publisher

INDEXES: dict[str, Any] = {
    "practices": PracticeIndexPage,
    "countries": CountryIndexPage,
    "reports": ReportIndexPage,
    "indicators": IndicatorIndexPage,
    "news": NewsIndexPage,
    "events": EventIndexPage,
    "ideas": IdeaIndexPage,
}
STANDARD_PAGES_IN_ORDER = ["about", "api-guide", "accessibility", "privacy", "terms"]


def create_locales() -> None:
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.get_or_create(language_code=code)


def build_frame(publisher: Publisher) -> dict[str, Page]:
    """Create what is missing of the frame; returns the home and index pages of the default language by key."""
    root = Page.get_first_root_node()
    publisher.add(Item("home", _home_facts()), _home, root)
    home = HomePage.objects.get(translation_key=Item("home", {}).uid(), locale=Locale.get_default())
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    if site.root_page_id != home.pk:
        address = urlsplit(settings.PUBLIC_URL)
        site.hostname = address.hostname or "localhost"
        site.port = address.port or (443 if address.scheme == "https" else 80)
        site.root_page, site.site_name = home, settings.WAGTAIL_SITE_NAME
        site.save()
        Page.objects.child_of(root).exclude(translation_key=home.translation_key).delete()
    frame: dict[str, Page] = {"home": home}
    table = read_table(CONTENT / "indexes.toml")
    for key, model in INDEXES.items():
        item = Item(f"index-{key}", table[key])
        publisher.add(item, _plain(model, in_menus=True), home)
        frame[key] = model.objects.get(translation_key=item.uid(), locale=Locale.get_default())
    items = {item.slug: item for item in read_items("pages")}
    for slug in STANDARD_PAGES_IN_ORDER:
        publisher.add(items[slug], _plain(StandardPage, show_in_footer=True), home)
    return frame


def _home_facts() -> dict[str, Any]:
    facts = read_table(CONTENT / "home.toml")
    slugs = {"en": "home-en", "ru": "home-ru", "kk": "home-kk"}
    return {**facts, **{code: {**facts[code], "slug": slug} for code, slug in slugs.items()}}


def _home(item: Item, language: str, words: pages.Vocabulary) -> HomePage:
    page = HomePage()
    pages.fill_texts(page, item, language, words)
    page.doors = [
        Door(translation_key=item.uid("door", index), **row) for index, row in enumerate(item.text(language)["doors"])
    ]
    page.figures = [HomeFigureLink(indicator=words.indicators[code]) for code in item.facts["figures"]]
    return page


def _plain(model: Any, *, in_menus: bool = False, **facts: Any) -> Callable[[Item, str, pages.Vocabulary], Any]:
    def build(item: Item, language: str, words: pages.Vocabulary) -> Any:
        page = model(show_in_menus=in_menus, **facts)
        pages.fill_texts(page, item, language, words)
        return page

    return build
