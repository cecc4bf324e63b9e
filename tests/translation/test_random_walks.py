"""Whatever happens to a page and its translations, in whatever order, readers see what was published for them.

Nothing is public that nobody has published, and no sentence of the original stands in a text of another language.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms.translation.choices import Status
from cms.translation.models import ChangedSegment, TranslationState
from cms.translation.services import request_translations
from cms.translation.staleness import is_synchronised
from home.models import StandardPage
from tests.factories.pages import make_standard_page
from tests.factories.site import locale, published
from tests.factories.translations import fill

if TYPE_CHECKING:
    from wagtail.models import Site

    from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LANGUAGES = ("ru", "kk", "fr")
OF_ORIGINAL = (
    "change",
    "add",
    "drop",
    "turn",
    "move along",
    "move alone",
    "hide along",
    "hide alone",
    "show",
    "forget",
)
OF_TRANSLATION = ("request", "translate", "renew", "spoil", "publish", "publish at once", "hide", "delete", "rest")
WORDS = ["The", "counter", "of", "the", "agency", "is", "open", "on", "every", "working", "day"]


class Walk:
    """A page, what was published of it, and what can happen to it."""

    def __init__(self, page: Any, other: Any, user: User) -> None:
        self.pk, self.key, self.user = page.pk, page.translation_key, user
        self.other = other
        self.client = Client()
        self.client.force_login(user)
        self.public: set[str] = set()
        self.number = 0

    @property
    def original(self) -> Any:
        return StandardPage.objects.get(pk=self.pk)

    def version(self, code: str) -> Any:
        return StandardPage.objects.filter(translation_key=self.key, locale__language_code=code).first()

    def sentence(self) -> str:
        """One that was never there, and is not like every other one."""
        self.number += 1
        return f"EN {self.number} {' '.join(WORDS[self.number % 7 :])}"

    def paragraphs(self) -> list[str]:
        return re.findall(r"<p[^>]*>(.*?)</p>", self.original.body.raw_data[0]["value"])

    def write(self, paragraphs: list[str], block: str = "text", **facts: str) -> None:
        page = self.original
        value = "".join(f"<p>{text}</p>" for text in paragraphs)
        page.body = [{"type": "text", "value": value, "id": block}]
        for name, text in facts.items():
            setattr(page, name, text)
        published(page)

    def original_change(self) -> None:
        texts = self.paragraphs()
        texts[self.number % len(texts)] = re.sub(r"EN \d+", f"EN {self.number + 1000}", texts[0])
        self.write(texts, summary=self.sentence())

    def original_add(self) -> None:
        self.write([*self.paragraphs(), self.sentence()][-5:])

    def original_drop(self) -> None:
        self.write(self.paragraphs()[:-1] or [self.sentence()])

    def original_turn(self) -> None:
        self.number += 1
        self.write(self.paragraphs()[::-1], block=f"text-{self.number}")

    def original_move_along(self) -> None:
        self.move("follow")
        place = self.original.get_parent()
        for page in Page.objects.filter(translation_key=self.key):
            assert page.get_parent().translation_key == place.translation_key

    def original_move_alone(self) -> None:
        before = dict(Page.objects.filter(translation_key=self.key).exclude(pk=self.pk).values_list("pk", "url_path"))
        self.move("stay")
        for pk, where in before.items():
            assert Page.objects.get(pk=pk).url_path == where

    def move(self, answer: str) -> None:
        """To and fro between the home page and another one, which no one has asked for in a language."""
        parent = self.original.get_parent()
        place = parent.get_parent() if self.other.pk == parent.pk else self.other
        address = reverse("wagtailadmin_pages:move_confirm", args=(self.pk, place.pk))
        self.client.post(address, {"translations": answer})
        assert Page.objects.get(pk=self.pk).is_child_of(Page.objects.get(pk=place.pk))

    def original_hide_along(self) -> None:
        was_live = self.original.live
        self.hide_original("follow")
        if was_live:
            self.public.clear()

    def original_hide_alone(self) -> None:
        self.hide_original("stay")

    def hide_original(self, answer: str) -> None:
        self.client.post(reverse("wagtailadmin_pages:unpublish", args=(self.pk,)), {"translations": answer})
        assert not self.original.live

    def delete_original(self, answer: str) -> None:
        """The last thing that happens to it. What stays is as public as it was, without an original."""
        translations = Page.objects.filter(translation_key=self.key).exclude(pk=self.pk)
        before = dict(translations.values_list("pk", "live"))
        self.client.post(reverse("wagtailadmin_pages:delete", args=(self.pk,)), {"translations": answer})
        assert dict(translations.values_list("pk", "live")) == (before if answer == "stay" else {})
        assert not StandardPage.objects.filter(pk=self.pk).exists()
        states = TranslationState.objects.with_status().filter(page__in=before)
        assert {state.status for state in states} <= {Status.ORPHANED}

    def original_show(self) -> None:
        published(self.original)

    def original_forget(self) -> None:
        """As where somebody goes by the address of synchronisation by hand."""
        source = TranslationSource.objects.filter(object_id=self.key).first()
        if source:
            self.client.post(
                reverse("wagtail_localize:update_translations", args=(source.pk,)), {"publish_translations": "on"}
            )

    def request(self, code: str) -> None:
        locale(code)
        request_translations(self.user, [self.original], [code])

    def translate(self, code: str) -> None:
        for translation in Translation.objects.filter(source__object_id=self.key, target_locale__language_code=code):
            fill(translation)

    def renew(self, code: str) -> None:
        for change in ChangedSegment.objects.filter(locale__language_code=code, resolved_at=None):
            StringTranslation.objects.update_or_create(
                translation_of=change.string,
                context=change.context,
                locale=change.locale,
                defaults={"data": f"{code} {change.string.data}"},
            )

    def spoil(self, code: str) -> None:
        """A translation with a link that the original does not have, which cannot be used."""
        one = StringTranslation.objects.filter(locale__language_code=code, context__path="summary").first()
        if one:
            one.data = f'{code} <a id="a9">x</a>'
            one.save()

    def publish(self, code: str) -> None:
        target = self.version(code)
        if target is None:
            return
        before = target.live_revision_id
        if not is_synchronised(target):
            published(target)  # written by hand, and published as any page is
        else:
            with TestCase.captureOnCommitCallbacks(execute=True):
                self.client.post(reverse("wagtailadmin_pages:edit", args=(target.pk,)), {"action": "publish"})
        target.refresh_from_db()
        if target.live and target.live_revision_id != before:
            event("published")
            self.public.add(code)

    def publish_at_once(self, code: str) -> None:
        """As from the list of pages, where whatever the draft holds is published."""
        target = self.version(code)
        if target is None:
            return
        was_live = target.live
        self.client.post(
            f"{reverse('wagtail_bulk_action', args=('wagtailcore', 'page', 'publish'))}?id={target.pk}&next=/"
        )
        target.refresh_from_db()
        if target.live and not was_live:
            event("published at once")
            self.public.add(code)

    def hide(self, code: str) -> None:
        if target := self.version(code):
            target.unpublish()
            self.public.discard(code)

    def delete(self, code: str) -> None:
        if target := self.version(code):
            target.delete()
            self.public.discard(code)

    def rest(self, code: str) -> None:
        translation = Translation.objects.filter(source__object_id=self.key, target_locale__language_code=code).first()
        if translation and self.version(code):
            self.client.post(reverse("wagtail_localize:stop_translation", args=(translation.pk,)))

    def check(self) -> None:
        pages = Page.objects.filter(translation_key=self.key, live=True).exclude(pk=self.pk).specific()
        assert {page.locale.language_code for page in pages} <= self.public
        for page in pages:
            code = page.locale.language_code
            body = page.body.raw_data[0]["value"]
            for text in [page.title, page.summary, *re.findall(r"<p[^>]*>(.*?)</p>", body)]:
                assert text.startswith(code), (code, text)
        assert not Page.objects.exclude(alias_of=None).exists()
        assert Page.objects.filter(translation_key=self.other.translation_key, live=True).get() == self.other.page_ptr
        for state in TranslationState.objects.with_status().filter(source=self.pk):
            count = ChangedSegment.objects.of_page(state.page).count()
            assert state.outdated_segments == count
            assert (state.status == Status.OUTDATED) == (state.page.live and count > 0)


moves = st.one_of(
    st.tuples(st.sampled_from(OF_ORIGINAL), st.just("")),
    st.tuples(st.sampled_from(OF_TRANSLATION), st.sampled_from(LANGUAGES)),
)


@given(walk=st.lists(moves, min_size=8, max_size=25), end=st.sampled_from(["follow", "stay"]))
@settings(
    deadline=None,
    max_examples=20,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_is_public_by_accident_and_no_text_turns_half_foreign(
    site: Site, admin_user: User, walk: list[tuple[str, str]], end: str
) -> None:
    names = {"en": "English", "ru": "Russian", "kk": "Kazakh", "fr": "French"}
    languages = [*names.items()]
    with override_settings(LANGUAGES=languages, WAGTAIL_CONTENT_LANGUAGES=languages), transaction.atomic():
        other = make_standard_page(title="EN other", slug="other")
        page = make_standard_page(
            title="EN title",
            summary="EN summary of it",
            body=[{"type": "text", "value": "<p>EN 0 first.</p>", "id": "text"}],
        )
        one = Walk(page, other, admin_user)
        for code in ("ru", "kk"):
            one.request(code)
            one.translate(code)
            one.publish(code)
        one.check()
        assert one.public == {"ru", "kk"}
        for move, code in walk:
            name = move.replace(" ", "_")
            getattr(one, name)(code) if code else getattr(one, f"original_{name}")()
            one.check()
        one.delete_original(end)
        transaction.set_rollback(True)
