"""Translations by a machine: asked for, made by a worker, confirmed by a person, and of no use before that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.log_actions import log
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import StringSegment, StringTranslation

from cms.background.services import is_unfinished
from cms.translation.files import is_locked, may_change
from cms.translation.machines.tasks import draft_by_machine
from cms.translation.models import ChangedSegment
from cms.translation.querysets import UNCONFIRMED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from wagtail.models import Locale
    from wagtail_localize.models import Translation

    from cms.users.models import User

CONFIRMED = "translation.confirmed"


def offered(source: Locale, targets: Iterable[Locale]) -> list[Locale]:
    """Into which of some languages the machine translates from another; none where there is no machine."""
    machine: Any = get_machine_translator()
    return [one for one in targets if machine and machine.can_translate(source, one)]


def offer(languages: list[Locale]) -> str:
    """What it means to let the machine translate into these languages, and what leaves the house by it."""
    machine: Any = get_machine_translator()
    if machine is None or not languages:
        return ""
    facts = {"machine": machine.display_name, "place": machine.place}
    facts["languages"] = ", ".join(str(one.get_display_name()) for one in languages)
    if not machine.place:
        sentence = _("%(machine)s translates into: %(languages)s. Nothing leaves the house.")
    else:
        sentence = _(
            "%(machine)s translates into: %(languages)s. It receives the texts of the page that are not translated yet,"
            " at %(place)s, and nothing else. Do not choose it for what is confidential."
        )
    return " ".join([sentence % facts, _("Nothing of it is published before somebody has confirmed it.")])


def draft(translation: Translation, user: User) -> bool:
    """Have a machine draft what nobody has translated; False where a worker is asked for it already.

    Raises `PermissionDenied` where somebody may not change the translation, or not now.
    """
    if not may_change(user, translation) or is_locked(user, translation):
        raise PermissionDenied
    if is_unfinished(draft_by_machine, translation.pk):
        return False
    draft_by_machine.enqueue(translation.pk, user=user.pk)
    return True


def unconfirmed(translation: Translation) -> QuerySet[StringTranslation]:
    """What a machine made of the segments of a page, and nobody has confirmed."""
    present = StringSegment.objects.filter(
        source=translation.source_id, string=OuterRef("translation_of"), context=OuterRef("context")
    )
    rows: QuerySet[StringTranslation] = StringTranslation.objects.filter(
        UNCONFIRMED, Exists(present), locale=translation.target_locale_id
    )
    return rows


@transaction.atomic
def confirm(translation: Translation, user: User, only: Iterable[int] | None = None) -> int:
    """Somebody has read what a machine made, and stands for it: all of a page, or the rows with these ids.

    From then on they are as if that person had written them; the log has it. The number of those that were not
    confirmed before. Raises `PermissionDenied` where somebody may not change the translation.
    """
    if not may_change(user, translation):
        raise PermissionDenied
    rows = unconfirmed(translation).select_for_update(of=("self",))
    chosen = list(rows if only is None else rows.filter(pk__in=list(only)))
    if not chosen:
        return 0
    now = timezone.now()
    done = StringTranslation.objects.filter(pk__in=[row.pk for row in chosen])
    done.update(
        translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        has_error=False,
        last_translated_by=user,
        updated_at=now,
    )
    same = done.filter(translation_of=OuterRef("string"), context=OuterRef("context"))
    changes = ChangedSegment.objects.filter(Exists(same), locale=translation.target_locale_id, resolved_at=None)
    changes.update(resolved_at=now)
    machines = ", ".join(sorted({row.tool_name for row in chosen}))
    data = {"count": len(chosen), "machine": machines}
    log(instance=translation.get_target_instance(), action=CONFIRMED, user=user, data=data)
    return len(chosen)


def progress(translation: Translation) -> str:
    """A sentence about the draft of a page that somebody has last asked for; empty where nobody has lately."""
    asked = DBTaskResult.objects.filter(task_path=draft_by_machine.module_path, args_kwargs__args__0=translation.pk)
    last = asked.order_by("-enqueued_at").first()
    if last is None:
        return ""
    if last.status == TaskResultStatus.SUCCESSFUL:
        return str(last.return_value or "")
    said = last.traceback.strip().rpartition("\n")[2].partition(": ")[2]
    if last.status == TaskResultStatus.FAILED:
        return said
    if said:
        return _("%(problem)s It is tried again.") % {"problem": said}
    return _("A machine is translating. Its texts appear here one after the other.")
