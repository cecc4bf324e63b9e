"""Who is told what, how often, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.background.backends import background_task
from cms.users import mails
from cms.users.choices import Role
from cms.users.models import User
from cms.workflows.choices import COUNTED, Frequency, Kind
from cms.workflows.models import Notification, Subscription
from cms.workflows.services import authors

if TYPE_CHECKING:
    from collections.abc import Iterable

SALT = "notifications"


def subject_of(kind: str, title: str) -> str:
    """What has happened to a page, in the active language."""
    sentences = {
        Kind.REVIEW: _("Waits for your review: %(title)s"),
        Kind.ASSIGNED: _("The review is yours: %(title)s"),
        Kind.OVERDUE: _("The review is overdue: %(title)s"),
        Kind.ESCALATED: _("The review has been overdue for long: %(title)s"),
        Kind.CHANGES: _("Changes are asked for: %(title)s"),
        Kind.APPROVED: _("Approved: %(title)s"),
        Kind.CLEARANCE: _("Clearance of your report: %(title)s"),
        Kind.TRANSLATION: _("Please translate: %(title)s"),
    }
    return sentences[Kind(kind)] % {"title": title}


def reviewers_of(page: Page, task: Any) -> Any:
    """Those who can approve a page: who have the right, and have not written it."""
    policy = policy_registry.get_by_type(Page)
    people = policy.users_with_any_permission_for_instance({task.reviewers}, page, include_superusers=False)
    return people.exclude(pk__in=authors(page))


@transaction.atomic
def notify(people: Iterable[User], kind: Kind, page: Page, **facts: Any) -> None:
    """Tell people something of a page, as often as each of them wants; what is told at once is mailed by a worker."""
    everybody = {person.pk: person for person in people if person.is_active and person.email}
    chosen = dict(Subscription.objects.filter(user__in=everybody, kind=kind).values_list("user", "frequency"))
    for pk in everybody:
        frequency = chosen.get(pk, Frequency.AT_ONCE)
        if frequency == Frequency.NEVER:
            continue
        is_daily = frequency == Frequency.DAILY
        told = Notification.objects.create(user_id=pk, kind=kind, page_id=page.pk, in_digest=is_daily, **facts)
        if not is_daily:
            tell.enqueue(told.pk)


@background_task(gettext_lazy("Mail a notification"))
def tell(pk: int) -> None:
    """Write to somebody of one thing; of nothing that was told or is gone."""
    if told := Notification.objects.select_related("user", "page").filter(pk=pk, sent_at=None).first():
        write([told])


@background_task(gettext_lazy("Find who gets a digest"))
def send_digests() -> None:
    waiting = Notification.objects.filter(sent_at=None, in_digest=True)
    for pk in waiting.order_by().values_list("user", flat=True).distinct():
        send_digest.enqueue(pk)


@background_task(gettext_lazy("Mail a digest"))
def send_digest(user: int) -> None:
    waiting = Notification.objects.filter(user=user, sent_at=None, in_digest=True)
    if told := list(waiting.select_related("user", "page").order_by("created_at", "pk")):
        write(told)


def write(told: list[Notification]) -> None:
    """One mail with one or several notifications to the same person."""
    user = told[0].user
    language = mails.language_of(user)
    kind = Kind(told[0].kind) if len(told) == 1 else None
    stop = stop_link(user, kind) if kind else ""

    def context() -> dict[str, Any]:
        entries = [entry(one) for one in told]
        many = ngettext(
            "%(count)d piece of news about your pages", "%(count)d pieces of news about your pages", len(told)
        )
        return {
            "subject": entries[0]["subject"] if kind else many % {"count": len(told)},
            "name": user.display_name,
            "entries": entries,
            "settings_link": mails.address("wagtailadmin_account"),
            "stop_link": stop,
            "kind": kind.label if kind else "",
        }

    mails.write(user.email, language, "notification", context, headers_of(stop))
    Notification.objects.filter(pk__in=[one.pk for one in told]).update(sent_at=timezone.now())


def stop_link(user: User, kind: Kind) -> str:
    """Where somebody has no more mail of a kind, in their language and without signing in."""
    with translation.override(mails.language_of(user)):
        return mails.address("notifications_stop", token(user, kind))


def headers_of(stop: str) -> dict[str, str]:
    """What tells mail programs that no person wrote a mail, and by which link there are no more of them."""
    automatic = {"Auto-Submitted": "auto-generated"}
    if not stop:
        return automatic
    return automatic | {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def entry(one: Notification) -> dict[str, Any]:
    """What the mail shows of a notification, in the active language."""
    page = one.page
    public = page.full_url if one.kind == Kind.APPROVED and page.live else None
    title = page.draft_title or page.title
    return {
        "subject": subject_of(one.kind, title),
        "by": one.by,
        "comment": one.comment,
        "due": one.due_at,
        "link": public or address_of(one),
        "is_public": bool(public),
    }


def address_of(one: Notification) -> str:
    """Where something is to be done: translators may not edit the original that they are told of."""
    if one.kind == Kind.TRANSLATION:
        return mails.address("translation_requests")
    return mails.address("wagtailadmin_pages:edit", one.page_id)


def token(user: User, kind: Kind) -> str:
    return signing.dumps([user.pk, kind.value], salt=SALT)


def read_token(text: str) -> tuple[User, Kind] | None:
    """Whose subscription a link is about; None for a link that was altered, or of somebody who is gone."""
    try:
        pk, kind = signing.loads(text, salt=SALT)
        return User.objects.get(pk=pk), Kind(kind)
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError):
        return None


def subscribe(user: User, kind: Kind, frequency: Frequency) -> None:
    Subscription.objects.update_or_create(user=user, kind=kind, defaults={"frequency": frequency})


def frequencies(user: User) -> dict[str, str]:
    """How often somebody is told of each kind: of ideas, moderators alone."""
    chosen = dict(Subscription.objects.filter(user=user).values_list("kind", "frequency"))
    moderates = user.groups.filter(name=Role.IDEA_MODERATOR).exists()
    kinds = [kind for kind in Kind if kind != Kind.IDEAS or moderates]
    usual = {kind.value: Frequency.DAILY.value if kind in COUNTED else Frequency.AT_ONCE.value for kind in kinds}
    return {kind: chosen.get(kind, frequency) for kind, frequency in usual.items()}


def listeners(people: Any, kind: Kind) -> Any:
    """Of people, those who have not said that they want to hear nothing of a kind."""
    silent = Subscription.objects.filter(kind=kind, frequency=Frequency.NEVER)
    return people.exclude(pk__in=silent.values("user"))
