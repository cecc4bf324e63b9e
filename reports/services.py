"""What becomes of the fixed figures of reports (see `reports.editions`), and of the summaries of series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from wagtail.models import Page

from cms.delivery.choices import Scope
from cms.delivery.marks import mark, page_keys
from reports.editions import will_renew
from reports.models.editions import FixedIndicator
from reports.models.observations import Observation
from reports.tasks import BEHIND, draw_changed
from reports.vega.rendering import is_shared

if TYPE_CHECKING:
    from collections.abc import Collection

    from reports.models.pages import CountryReportPage

# An upsert alone will do: whoever closes an observation opens another, so that no series ever ends.
SUMMARISE = """
INSERT INTO reports_seriessummary (
    indicator_id, country_id, origin, first_period, last_period, value_count, changed, newest_id
)
SELECT
    found.indicator_id, found.country_id, found.origin, found.first_period, found.last_period, found.value_count,
    found.changed, newest.id
FROM (
    SELECT
        observed.indicator_id, observed.country_id, observed.origin,
        min(CASE WHEN observed.value IS NOT NULL THEN observed.period_start END) AS first_period,
        max(CASE WHEN observed.value IS NOT NULL THEN observed.period_start END) AS last_period,
        max(observed.period_start) AS last_of_all,
        count(observed.value) AS value_count,
        max(observed.valid_from) AS changed
    FROM ({touched}) AS touched
    INNER JOIN reports_observation AS observed ON observed.indicator_id = touched.indicator_id
        AND observed.country_id = touched.country_id AND observed.valid_to IS NULL
    GROUP BY observed.indicator_id, observed.country_id, observed.origin
) AS found
INNER JOIN reports_observation AS newest ON newest.indicator_id = found.indicator_id
    AND newest.country_id = found.country_id AND newest.origin = found.origin AND newest.valid_to IS NULL
    AND newest.period_start = coalesce(found.last_period, found.last_of_all)
WHERE true
ON CONFLICT (indicator_id, country_id, origin) DO UPDATE SET
    first_period = excluded.first_period, last_period = excluded.last_period, value_count = excluded.value_count,
    changed = excluded.changed, newest_id = excluded.newest_id"""


def summarise(touched: str, **facts: Any) -> None:
    """Write anew what is kept of series, after their observations were written and in the same transaction.

    `touched` is the SQL of a query for the `indicator_id` and `country_id` of these series, each pair once; `facts` are
    its parameters. Whoever calls it keeps others from writing observations of the same indicators meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(SUMMARISE.format(touched=touched), facts or None)


def redraw(indicators: Collection[int]) -> None:
    """Have workers draw what live pages show of indicators (ids) that have new values, once these are committed.

    Where the processes of the site share no cache, it would be in vain, and is left to the first reader of each.
    """
    if indicators and is_shared():
        draw_changed.using(priority=BEHIND).enqueue(sorted(indicators))


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
