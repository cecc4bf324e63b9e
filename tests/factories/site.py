"""The frame that every page needs: languages, home pages, index pages."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from modelsearch import signal_handlers
from wagtail.models import Collection, Locale, Page, ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.models import HomePage
from ideas.models import IdeaIndexPage
from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage
from reports.models import CountryIndexPage, IndicatorIndexPage, ReportIndexPage

if TYPE_CHECKING:
    from collections.abc import Iterator

INDEXES: dict[Any, tuple[str, str]] = {
    PracticeIndexPage: ("Practices", "practices"),
    CountryIndexPage: ("Countries", "countries"),
    ReportIndexPage: ("Country reports", "reports"),
    IndicatorIndexPage: ("Indicators", "indicators"),
    NewsIndexPage: ("News", "news"),
    EventIndexPage: ("Events", "events"),
    IdeaIndexPage: ("Ideas", "ideas"),
}


def build_site() -> None:
    """Home and index pages in every content language, in place of Wagtail's welcome page."""
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale(settings.LANGUAGE_CODE))
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    Site.objects.all().delete()
    for page in root.get_children():
        page.delete()
    root.refresh_from_db()
    home = publish(root, HomePage(title="Home", slug="home", summary="What works in public administration, shared."))
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    for model, (title, slug) in INDEXES.items():
        publish(home, model(title=title, slug=slug, summary=f"All {title.lower()}."))
    home.refresh_from_db()
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        if code != settings.LANGUAGE_CODE:
            for page in [home, *home.get_children().specific()]:
                translate(page, code)
    cache.clear()


def locale(language: str) -> Any:
    return Locale.objects.get_or_create(language_code=language)[0]


def homes() -> dict[str, HomePage]:
    """The home pages by language."""
    return {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}


def index_page(model: Any, language: str = "en") -> Any:
    """The index page of a type, for example `index_page(PracticeIndexPage, "ru")`."""
    return model.objects.get(locale__language_code=language)


def publish(parent: Any, page: Any) -> Any:
    """Add a page below another as an editor does: a revision, published."""
    parent = type(parent).objects.get(pk=parent.pk)
    page.locale = locale(parent.locale.language_code) if parent.depth > 1 else locale(settings.LANGUAGE_CODE)
    with indexed_once():
        with disable_reference_index_auto_update():
            parent.add_child(instance=page)
        return published(page)


def published(page: Any) -> Any:
    """Publish what the object holds now; the page as the database has it afterwards.

    Wagtail would update the index of references once per row of the page, and the index of words each time it saves the
    page; once at the end comes to the same. It looks whether the page is valid when it publishes it, not before.
    """
    with indexed_once(), disable_reference_index_auto_update():
        page.save_revision(clean=False).publish()
    live = type(page).objects.get(pk=page.pk)
    with transaction.atomic():
        ReferenceIndex.create_or_update_for_object(live)
    return live


@contextmanager
def indexed_once() -> Iterator[None]:
    """Write what is saved into the index of words at the end, once."""
    known, asked = signal_handlers.insert_or_update_object_task, Asked()
    signal_handlers.insert_or_update_object_task = asked
    try:
        yield
    finally:
        signal_handlers.insert_or_update_object_task = known
    for what in asked.what:
        known.enqueue(*what)


class Asked:
    """In place of the task that writes the index: each object that it is asked for, once."""

    def __init__(self) -> None:
        self.what: dict[tuple[str, ...], None] = {}

    def enqueue(self, *what: str) -> None:
        self.what[what] = None


def translate(page: Any, language: str, **texts: Any) -> Any:
    """A live version of a page in another language, with texts given for it. Its parent must exist in that language."""
    with disable_reference_index_auto_update():
        copy = page.copy_for_translation(locale(language))
    for name, value in texts.items():
        setattr(copy, name, value)
    copy.live = True
    return published(copy)
