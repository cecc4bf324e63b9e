from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation

from cms.background.backends import background_task
from cms.translation.files import is_locked, may_change
from cms.translation.machines.drafting import Outcome, fill
from cms.translation.machines.errors import RefusedError, UnavailableError
from cms.translation.models import RequestedTranslation
from cms.users.models import User

DRAFTED = "translation.drafted_by_machine"


# A service that is down is waited for about two hours.
@background_task(gettext_lazy("Translate a page by machine"), max_attempts=8, pause=60, atomic=False)
def draft_by_machine(translation: int, user: int, item: int | None = None) -> str:
    """Have a machine translate what nobody has, and say in a sentence how much that was.

    Killed and begun again, it goes on with what is missing. `item` is the part of a request that it is done for, which
    is told what goes wrong.
    """
    enabled = Translation.objects.select_related("source__locale", "target_locale").filter(enabled=True)
    found = enabled.filter(pk=translation).first()
    if found is None:
        return ""
    problem = ""
    try:
        outcome = drafted(found, User.objects.filter(pk=user, is_active=True).first())
        problem = outcome.problem
    except (RefusedError, UnavailableError) as error:
        problem = str(error)
        raise
    finally:
        if item:
            RequestedTranslation.objects.filter(pk=item).update(problem=problem)
    return outcome.sentence


def drafted(translation: Translation, user: User | None) -> Outcome:
    if user is None or not may_change(user, translation) or is_locked(user, translation):
        raise RefusedError(_("Whoever asked for this may not change the translation any more."))
    machine = get_machine_translator()
    if machine is None:
        raise RefusedError(_("There is no service of machine translation any more. Check MACHINE_TRANSLATION."))
    outcome = Outcome()
    try:
        fill(translation, machine, user, outcome)
    finally:
        if outcome.made or outcome.unusable:
            data = {"machine": str(machine.display_name), "count": outcome.made}
            log(instance=translation.get_target_instance(), action=DRAFTED, user=user, data=data)
    return outcome
