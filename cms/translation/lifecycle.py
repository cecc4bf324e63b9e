"""What becomes of translations when their originals are moved, unpublished or deleted.

A `Cascade` finds the translations, says of each whether it can follow its original, and lets them follow. The same
right is asked for a translation as for a page with which somebody does this by itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.locks import BasicLock
from wagtail.models import Locale, Page

from cms.translation.choices import Operation
from cms.translation.drafts import make_draft, original_of_place
from cms.translation.models import TranslationState
from cms.translation.policies import languages_to_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cms.users.models import User


class Refusal(Exception):  # noqa: N818 - what somebody is told, not a fault of the program
    """Why nothing was done, with the page that stood in the way."""


@dataclass(frozen=True)
class Row:
    """A translation: how it stands, and whether it can follow. `obstacle` says why not, `where` how."""

    page: Any
    state: TranslationState
    title: str
    is_below: bool
    obstacle: str = ""
    where: str = ""

    @property
    def language(self) -> str:
        return str(self.page.locale.get_display_name())


class Cascade:
    """The translations of `pages` and of those below them, as far as what somebody does concerns these."""

    operation: Operation

    def __init__(
        self, user: User, pages: Iterable[Page], *, destination: Page | None = None, with_below: bool = True
    ) -> None:
        self.user = user
        self.pages = [page for page in pages if page.alias_of_id is None]
        self.destination = destination
        self.with_below = with_below

    def concerned(self) -> Q:
        """The states of the translations that are asked about."""
        return Q(source__in=[page.pk for page in self.pages])

    @cached_property
    def translations(self) -> list[Any]:
        """Those that are asked about, of their specific types, with what rights over them depend on."""
        states = TranslationState.objects.filter(self.concerned()).exclude(page__in=[page.pk for page in self.pages])
        pages = Page.objects.filter(pk__in=states.values("page"), alias_of=None).order_by("path")
        return [page for page in specific(pages) if self.changes(page)]

    def changes(self, page: Any) -> bool:
        """Whether following its original would change anything for a translation."""
        return True

    @cached_property
    def rows(self) -> list[Row]:
        found = TranslationState.objects.with_status().filter(page__in=[page.pk for page in self.translations])
        states = {state.page_id: state for state in found}
        own = {page.pk for page in self.pages}
        rows = [
            Row(
                page,
                states[page.pk],
                self.title_of(page),
                states[page.pk].source_id not in own,
                self.obstacle(page),
                self.where(page),
            )
            for page in self.translations
        ]
        return sorted(rows, key=lambda row: row.language)

    def title_of(self, page: Any) -> str:
        """Nothing of a draft that somebody may not see."""
        if page.permissions_for_user(self.user).can_edit():
            return str(page.get_admin_display_title())
        return str(page.title) if page.live else ""

    def obstacle(self, page: Any) -> str:
        raise NotImplementedError

    def where(self, page: Any) -> str:
        return ""

    @property
    def following(self) -> list[Row]:
        return [row for row in self.rows if not row.obstacle]

    @property
    def own(self) -> list[Row]:
        return [row for row in self.rows if not row.is_below]

    @property
    def below(self) -> list[tuple[str, int, int]]:
        """Of the pages below, by language: how many translations follow, and how many stay."""
        counts: dict[str, list[int]] = {}
        for row in self.rows:
            if row.is_below:
                counts.setdefault(row.language, [0, 0])[bool(row.obstacle)] += 1
        return [(language, follow, stay) for language, (follow, stay) in counts.items()]

    def carry_out(self) -> int:
        """Let those follow that can, in the transaction of what is done with the pages; how many they are.

        Raises `Refusal`, after which that transaction must be undone.
        """
        following = self.following
        for row in following:
            with refusing(row.page):
                self.follow(row)
        return len(following)

    def follow(self, row: Row) -> None:
        raise NotImplementedError


class Moving(Cascade):
    """To the translation of the new parent, which is made as a draft where it is missing.

    Without a `destination`, which is not chosen yet, nothing is said of places.
    """

    operation = Operation.MOVE

    @cached_property
    def parents(self) -> dict[int, Any]:
        """The new parents by locale; those that are missing are no key."""
        if self.destination is None:
            return {}
        if self.destination.depth == 1:
            return dict.fromkeys(Locale.objects.values_list("pk", flat=True), self.destination)
        pages = Page.objects.filter(translation_key=self.destination.translation_key, alias_of=None)
        return {page.locale_id: page for page in specific(pages)}

    def changes(self, page: Any) -> bool:
        """Not where it stands already."""
        parent = self.parents.get(page.locale_id)
        return parent is None or not page.is_child_of(parent)

    @cached_property
    def requestable(self) -> set[str]:
        """The languages in which the new parent may be asked for."""
        original = original_of_place(self.destination).specific if self.destination else None
        return {code for code, _name in languages_to_request(self.user, original)}

    def obstacle(self, page: Any) -> str:
        rights = page.permissions_for_user(self.user)
        if not rights.can_move():
            return _("You may not move it.")
        if self.destination is None:
            return ""
        parent = self.parents.get(page.locale_id)
        if parent is None:
            return "" if self.may_make_parent(page) else _("Its new place is missing in this language.")
        return "" if rights.can_move_to(parent) else _("You may not move it to its new place.")

    def where(self, page: Any) -> str:
        parent = self.parents.get(page.locale_id)
        if parent is None and self.destination is not None:
            title = self.destination.get_admin_display_title()
            return _("to a draft of “%(title)s” that is made for it") % {"title": title}
        return _("to “%(title)s”") % {"title": parent.get_admin_display_title()} if parent else ""

    def may_make_parent(self, page: Any) -> bool:
        """Whether somebody may ask for the missing parent and then put the page there.

        Rights that hold above a place hold in it, so those over the next page above decide.
        """
        if page.locale.language_code not in self.requestable:
            return False
        if self.user.is_superuser:
            return True
        keys = self.destination.get_ancestors().values("translation_key") if self.destination else []
        above = Page.objects.filter(translation_key__in=keys, locale=page.locale_id, alias_of=None)
        place = above.order_by("-depth").first()
        is_public = page.live or page.get_descendants().live().exists()
        needed = {"add", "publish"} if is_public else {"add"}
        return place is not None and needed <= place.permissions_for_user(self.user).permissions

    def follow(self, row: Row) -> None:
        locale = row.page.locale
        if locale.pk not in self.parents and self.destination:
            original = original_of_place(self.destination)
            self.parents[locale.pk] = make_draft(original, locale, self.user)
        page, parent = fresh(row.page), fresh(self.parents[locale.pk])
        MovePageAction(page, parent, pos="last-child", user=self.user).execute()


class Unpublishing(Cascade):
    """With `with_below`, those of the public pages below as well that somebody may unpublish."""

    operation = Operation.UNPUBLISH

    def concerned(self) -> Q:
        if not self.with_below:
            return super().concerned()
        public = specific(Page.objects.filter(within_any(self.pages), live=True))
        allowed = [page.pk for page in public if page.permissions_for_user(self.user).can_unpublish()]
        return super().concerned() | Q(source__in=allowed)

    def obstacle(self, page: Any) -> str:
        if not page.permissions_for_user(self.user).can_unschedule():
            return _("You may not unpublish it.")
        return _("It is locked.") if self.is_locked(page) else ""

    def changes(self, page: Any) -> bool:
        """What is public, or would be at a time."""
        return bool(page.live or page.approved_schedule)

    def is_locked(self, page: Any) -> bool:
        """Whether for this person. A schedule locks a page for all; it is called off before."""
        if page.locked:
            return bool(BasicLock(page).for_user(self.user))
        task = page.current_workflow_task
        return bool(task and task.page_locked_for_user(page, self.user))

    def where(self, page: Any) -> str:
        return _("its scheduled publication is called off") if page.approved_schedule else ""

    def follow(self, row: Row) -> None:
        for revision in row.page.revisions.filter(approved_go_live_at__isnull=False):
            revision.approved_go_live_at = None
            revision.save(user=self.user, update_fields=["approved_go_live_at"])
        if row.page.live:
            UnpublishPageAction(fresh(row.page), user=self.user).execute()


class Deleting(Cascade):
    """With the translations of the pages below. What is written in the other language is never deleted with them."""

    operation = Operation.DELETE

    def concerned(self) -> Q:
        return super().concerned() | within_any(self.pages, "source__")

    @cached_property
    def forbidden(self) -> set[int]:
        return {page.pk for page in self.translations if not page.permissions_for_user(self.user).can_delete()}

    @cached_property
    def staying(self) -> list[str]:
        """The tree paths of what is not deleted: it may stand below what would be."""
        ids = {page.pk for page in self.translations}
        others = Page.objects.filter(within_any(self.translations)).exclude(pk__in=ids)
        forbidden = [page.path for page in self.translations if page.pk in self.forbidden]
        return [*others.values_list("path", flat=True), *forbidden]

    def obstacle(self, page: Any) -> str:
        if page.pk in self.forbidden:
            return _("You may not delete it.")
        if any(path.startswith(page.path) for path in self.staying):
            return _("Pages stand below it that are not deleted.")
        return ""

    def carry_out(self) -> int:
        """The uppermost only: those below go with them."""
        rows = sorted(self.following, key=lambda row: row.page.path)
        above = ""
        for row in rows:
            if above and row.page.path.startswith(above):
                continue
            above = row.page.path
            with refusing(row.page):
                self.follow(row)
        return len(rows)

    def follow(self, row: Row) -> None:
        DeletePageAction(row.page, user=self.user).execute()


def sentence_on_followed(operation: Operation, count: int) -> str:
    sentences = {
        Operation.MOVE: ngettext("%(count)d translation moved along.", "%(count)d translations moved along.", count),
        Operation.UNPUBLISH: ngettext(
            "%(count)d translation was unpublished as well.", "%(count)d translations were unpublished as well.", count
        ),
        Operation.DELETE: ngettext(
            "%(count)d translation was deleted as well.", "%(count)d translations were deleted as well.", count
        ),
    }
    return sentences[operation] % {"count": count}


CASCADES: dict[Operation, type[Cascade]] = {one.operation: one for one in (Moving, Unpublishing, Deleting)}


@contextmanager
def refusing(page: Page) -> Iterator[None]:
    """Turn what keeps something from being done with a page into a `Refusal` that names it."""
    try:
        yield
    except ValidationError as error:
        reason = " ".join(error.messages)
    except ProtectedError:
        reason = _("Other content needs it.")
    except PermissionDenied:
        reason = _("You may not do this with it.")
    else:
        return
    facts = {"title": page.get_admin_display_title(), "language": page.locale.get_display_name(), "reason": reason}
    raise Refusal(_("Nothing was changed, because of “%(title)s” (%(language)s). %(reason)s") % facts)


def within_any(pages: Iterable[Page], prefix: str = "") -> Q:
    """Those of these pages below which others stand, and what does."""
    parts = [Q(**{f"{prefix}path__startswith": page.path}) for page in pages if page.numchild]
    return reduce(or_, parts) if parts else Q(pk__in=[])


def specific(pages: Any) -> list[Any]:
    """Pages of their types in a fixed number of queries, with what rights over them depend on."""
    locales = Locale.objects.in_bulk()
    found = list(pages.defer_streamfields().annotate_approved_schedule().specific().prefetch_workflow_states())
    for page in found:
        page.locale = locales[page.locale_id]
    return found


def fresh(page: Page) -> Any:
    """The page as the tree has it now: moving one page changes the places of others."""
    return Page.objects.get(pk=page.pk).specific
