"""Whatever is done to pages and to what they show, in whatever order: the ledger is what is public.

Each time it is settled, after one step or several, what it holds is compared with what is public, with what a partner
has who follows the feed, and with a fresh representation of everything.
"""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.core.models import PageTheme
from cms.core.querysets import readable_pages
from cms.delivery.models import Entry, Mark, Published
from cms.delivery.services import begin, settle
from cms.delivery.verification import differences
from cms.media.models import Document, Image
from home.models import StandardPage
from reports.models import Measure
from taxonomy.models import Organisation, Theme
from tests.factories.media import make_document, make_image
from tests.factories.site import homes, locale
from tests.factories.statistics import make_measure
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 50
# The same walks each time; `LEDGER_STEPS=20000` takes as many steps as that, and others each time.
EXAMPLES = int(os.environ.get("LEDGER_STEPS", "2000")) // STEPS
# The index of words follows each save, and takes as long as the rest of it; nothing here reads it.
BY_HAND = {"default": {"BACKEND": "search.backends", "AUTO_UPDATE": False}}
NUMBERS = count()
STRANGERS = ["Кириллица", 'Quotes " and \\', "Line\u2028break", "Emoji 🌍"]


class Walk:
    """A few pages in two languages, two themes, a picture and a file; each step picks among what there is."""

    def __init__(self) -> None:
        self.mirror: dict[tuple[str, int], str] = {}
        self.seen = 0

    @property
    def number(self) -> int:
        """Never the same twice."""
        return next(NUMBERS)

    def pick(self, model: Any, number: int, **facts: Any) -> Any:
        rows = list(model.objects.filter(**facts).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def page(self, number: int) -> Any:
        return self.pick(StandardPage, number)

    def place(self, number: int) -> Any:
        """A page below which others may stand: a home page or one of the others."""
        rows = list(Page.objects.filter(depth__gt=1).order_by("pk"))
        return rows[number % len(rows)]

    def name(self, number: int) -> str:
        return f"{STRANGERS[number % len(STRANGERS)]} {self.number}"

    def add(self, one: int, two: int) -> None:
        place = self.place(one)
        page = StandardPage(title=self.name(two), slug=f"page-{self.number}", summary="Of it.", locale=place.locale)
        if Page.objects.count() < 9:
            place.add_child(instance=page)
            self.publish(page)

    def publish(self, page: Any, *, as_editors_do: bool = False) -> None:
        """Publishing as editors do writes revisions, logs and indexes, which takes most of the time."""
        if as_editors_do and not page.alias_of_id:
            page.save_revision().publish()
        else:
            page.live = True
            page.save()

    def write(self, one: int, two: int) -> None:
        if page := self.page(one):
            target, image, theme = self.place(two), self.pick(Image, two), self.pick(Theme, two)
            page.title = self.name(two)
            document = self.pick(Document, two)
            page.body = [
                {"type": "text", "value": f'<p><a linktype="page" id="{target.pk}">There</a></p>'},
                {"type": "figure", "value": {"image": image.pk, "alternative_text": "A room"}},
                {"type": "file", "value": {"document": document.pk, "title": ""}},
                {"type": "related_pages", "value": {"title": "", "pages": [target.pk]}},
            ]
            page.page_themes = [PageTheme(theme=theme)] if theme else []
            page.cover_image, page.cover_alt = (image, "A room") if one % 2 else (None, "")
            self.publish(page)

    def republish(self, one: int, two: int) -> None:
        if page := self.page(one):
            self.publish(page, as_editors_do=True)

    def draft(self, one: int, two: int) -> None:
        if (page := self.page(one)) and not page.alias_of_id:
            page.title = "A draft that nobody may read"
            page.save_revision()

    def rename(self, one: int, two: int) -> None:
        if page := self.page(one):
            page.slug = f"renamed-{self.number}"
            self.publish(page)

    def move(self, one: int, two: int) -> None:
        page, place = self.page(one), self.place(two)
        if page and not place.path.startswith(page.path) and place.locale_id == page.locale_id:
            page.move(place, pos="last-child")

    def unpublish(self, one: int, two: int) -> None:
        if page := self.page(one):
            page.unpublish()

    def delete(self, one: int, two: int) -> None:
        if page := self.page(one):
            page.delete()

    def restrict(self, one: int, two: int) -> None:
        kind = PageViewRestriction.LOGIN if two % 2 else PageViewRestriction.PASSWORD
        if page := self.page(one):
            PageViewRestriction.objects.get_or_create(page=page, defaults={"restriction_type": kind, "password": "x"})

    def free(self, one: int, two: int) -> None:
        if restriction := self.pick(PageViewRestriction, one):
            restriction.delete()

    def translate(self, one: int, two: int) -> None:
        page = self.page(one)
        language = ["en", "ru"][two % 2]
        if page and page.locale.language_code != language and not page.has_translation(locale(language)):
            if not page.get_parent().has_translation(locale(language)):
                return
            copy = page.copy_for_translation(locale(language))
            copy.title = self.name(two)  # of a page that is not public, Wagtail copies the draft
            self.publish(copy)

    def alias(self, one: int, two: int) -> None:
        page, place = self.page(one), self.place(two)
        if page and place.locale_id == page.locale_id and not place.path.startswith(page.path):
            page.create_alias(parent=place, update_slug=f"alias-{self.number}")

    def label(self, one: int, two: int) -> None:
        theme = self.pick(Theme, one)
        row = theme.labels.first()
        row.label = self.name(two)
        row.save()

    def image(self, one: int, two: int) -> None:
        if image := self.pick(Image, one):
            image.title = self.name(two)
            image.save()

    def document(self, one: int, two: int) -> None:
        document = self.pick(Document, one)
        document.title = self.name(two)
        document.save()

    def image_gone(self, one: int, two: int) -> None:
        if Image.objects.count() > 1:
            self.pick(Image, one).delete()

    def tag(self, one: int, two: int) -> None:
        if image := self.pick(Image, one):
            image.tags.set([f"tag-{two}"])

    def shelve(self, one: int, two: int) -> None:
        """A picture or a file is put into another collection, of which one may be closed."""
        if file := self.pick([Image, Document][one % 2], one):
            file.collection = self.pick(Collection, two)
            file.save()

    def close(self, one: int, two: int) -> None:
        """A collection is closed, or there for everybody again."""
        collection = self.pick(Collection, 1)
        closed, is_new = CollectionViewRestriction.objects.get_or_create(
            collection=collection, restriction_type=CollectionViewRestriction.LOGIN
        )
        if not is_new:
            closed.delete()

    def logo(self, one: int, two: int) -> None:
        organisation = self.pick(Organisation, one)
        organisation.logo = self.pick(Image, two) if two % 3 else None
        organisation.save()

    def redirect(self, one: int, two: int) -> None:
        Redirect.objects.create(old_path=f"/old-{self.number}", redirect_page=self.place(one))

    def measure(self, one: int, two: int) -> None:
        if measure := self.pick(Measure, one):
            measure.delete()
        else:
            make_measure(titles={"en": self.name(two)})

    def language(self, one: int, two: int) -> None:
        """A language goes, or is there for readers again."""
        home = homes()["ru"]
        if home.live:
            home.unpublish()
        else:
            self.publish(home)

    def undone(self, one: int, two: int) -> None:
        """What is rolled back was never there; what follows in the same transaction counts."""
        page = self.page(one)
        if page is None:
            return
        with transaction.atomic():
            page.title = "Never there"
            self.publish(page)
            transaction.set_rollback(True)
        self.write(one, two)

    def check(self) -> None:
        settle()
        assert not Mark.objects.exists()
        held = Published.objects.filter(kind="pages", is_public=True).values_list("object_id", flat=True)
        assert set(held) == set(readable_pages().values_list("pk", flat=True))
        for entry in Entry.objects.filter(version__gt=self.seen):
            assert entry.version > self.seen
            self.seen = entry.version
            self.mirror.pop((entry.kind, entry.object_id), None)
            if entry.operation != "withdrawn":
                self.mirror[entry.kind, entry.object_id] = entry.etag
        public = Published.objects.filter(is_public=True)
        assert self.mirror == {(kind, pk): etag for kind, pk, etag in public.values_list("kind", "object_id", "etag")}
        assert "draft that nobody" not in "".join(public.values_list("payload", flat=True))


MOVES = (
    *("add", "write", "republish", "draft", "rename", "move", "unpublish", "delete", "restrict", "free"),
    *("translate", "alias", "label", "image", "document", "image_gone", "language", "undone"),
    *("tag", "shelve", "close", "logo", "redirect", "measure"),
)
OFTEN = ("add", "write", "write", "translate")
# What is done, to which, and whether the ledger is settled before the next.
which = st.integers(0, 60)
steps = st.tuples(st.sampled_from([*MOVES, *OFTEN]), which, which, st.sampled_from([True, False, False, False]))


@pytest.fixture(scope="module")
def small(made_once: Callable[..., Any]) -> Any:
    """A site of two home pages, a page in two languages, one below it, and what they show."""

    def make() -> None:
        with disable_reference_index_auto_update():
            for page in Page.objects.filter(depth__gt=2).order_by("-depth"):
                page.delete()
            homes()["kk"].delete()
            make_theme("digital", labels={"en": "Digital", "ru": "Цифровизация"})
            make_theme("budget")
            make_image()
            make_image("Counter")
            make_document()
            make_organisation("agency", country=make_country("KZ"))
            Collection.get_first_root_node().add_child(name="Internal")
            walk = Walk()
            for step in (walk.add, walk.add, walk.write, walk.translate):
                step(0, 1)
        begin()
        settle()

    return made_once(make)


@given(walk=st.lists(steps, min_size=STEPS, max_size=STEPS))
@settings(
    deadline=None,
    max_examples=EXAMPLES,
    derandomize="LEDGER_STEPS" not in os.environ,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_ledger_is_what_is_public_after_each_step(small: Any, db: None, walk: list[Any]) -> None:
    with disable_reference_index_auto_update(), override_settings(WAGTAILSEARCH_BACKENDS=BY_HAND), transaction.atomic():
        one = Walk()
        one.check()
        for number, (name, first, second, is_settled) in enumerate(walk, start=1):
            getattr(one, name)(first, second)
            note(f"{name} {first} {second}")
            if is_settled or number == STEPS:
                one.check()
                assert [str(difference) for difference in differences()] == []
        transaction.set_rollback(True)
