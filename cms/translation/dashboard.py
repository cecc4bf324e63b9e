from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cms.translation.models import TranslationState
from cms.workflows.dashboard import ROWS, ListPanel, Row

if TYPE_CHECKING:
    from cms.users.models import User


class OutdatedPanel(ListPanel):
    """For those who translate: public translations whose original has changed, the longest outdated first."""

    key = "outdated"
    order = 50
    heading = _("Outdated translations")
    what_label = _("Language")
    when_label = _("Outdated since")
    more = "translation_matrix"

    def rows(self, user: User) -> list[Row]:
        languages = user.scopes.languages
        if not languages:
            return []
        outdated = TranslationState.objects.outdated().filter(language__in=languages).select_related("page__locale")
        oldest = outdated.order_by("outdated_since", "pk")[: ROWS + 1]
        return [Row(state.page, state.page.locale.get_display_name(), state.outdated_since) for state in oldest]
