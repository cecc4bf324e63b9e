"""What becomes of the fixed figures of reports: see `reports.editions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from wagtail.models import Page

from cms.delivery.choices import Scope
from cms.delivery.marks import mark, page_keys
from reports.editions import will_renew
from reports.models.editions import FixedIndicator
from reports.models.observations import Observation

if TYPE_CHECKING:
    from reports.models.pages import CountryReportPage


def fix_figures(report: CountryReportPage) -> None:
    """Fix what the panel of a report shows that was just published.

    What was fixed before stays, unless the original asks for the newest figures since.
    """
    if not report.live:  # Wagtail calls it published, too, when it is to be at a later time
        return
    known = {one.indicator_id: one for one in FixedIndicator.objects.filter(report=report.translation_key)}
    is_original = report.locale.language_code == report.source_language
    panel = {entry.indicator_id for entry in report.indicator_panel.all()}
    renewed = {pk for pk, one in known.items() if is_original and will_renew(report, one)}
    wanted = panel - known.keys() | renewed
    if not wanted:
        return
    rows = Observation.objects.current().filter(country=report.country_id, indicator__in=wanted).order_by()
    newest = dict(rows.values_list("indicator").annotate(newest=Max("valid_from")))
    now = timezone.now()
    FixedIndicator.objects.bulk_create(
        [
            FixedIndicator(report=report.translation_key, indicator_id=pk, as_of=newest.get(pk), fixed_at=now)
            for pk in sorted(wanted)
        ],
        update_conflicts=True,
        unique_fields=["report", "indicator"],
        update_fields=["as_of", "fixed_at"],
    )
    versions = Page.objects.filter(translation_key=report.translation_key)
    mark(Scope.OBJECT, *page_keys(versions.values_list("pk", flat=True)))


def forget_figures(report: CountryReportPage) -> None:
    """Forget what was fixed of a report that was deleted in its last language."""
    key = report.translation_key
    if not Page.objects.filter(translation_key=key).exclude(pk=report.pk).exists():
        FixedIndicator.objects.filter(report=key).delete()
