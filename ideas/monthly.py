"""What happened to ideas in a month, as numbers: a workbook without anybody's words.

Steps and states are counted from the history, as they stood at the end of the month: a report that is made later has
the same. Scores are those that stand now, in the month in which they were given; of an erased idea the kind of
submitter is gone.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cms.languages import own_name
from ideas.choices import TRANSITIONS, Action, Criterion, IdeaState, Reason, SubmitterKind
from ideas.models import Idea, IdeaEvent, IdeaReview

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = timedelta(days=1)
DECIDED = (Action.MARK_DUPLICATE, Action.MARK_SPAM, Action.REJECT, Action.ACCEPT, Action.DECLINE)
LONGEST = 60
Cells = list[Any]


@dataclass(frozen=True)
class Month:
    """A month in the time zone of the site."""

    first: date

    @classmethod
    def of(cls, text: str) -> Month:
        """Read `2026-10`. Raises `ValueError`."""
        return cls(datetime.strptime(f"{text}-01", "%Y-%m-%d").date())  # noqa: DTZ007 - a date has no zone

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def next(self) -> Month:
        return Month((self.first + 31 * DAY).replace(day=1))

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def is_over(self) -> bool:
        return self.next.start <= timezone.now()


def months() -> list[Month]:
    """From the month of the first idea to the present one, the newest first."""
    first = Idea.objects.order_by("created_at").values_list("created_at", flat=True).first()
    if first is None:
        return []
    found = [Month(timezone.localtime(first).date().replace(day=1))]
    while found[-1].next.start <= timezone.now():
        found.append(found[-1].next)
    return found[::-1]


def workbook(month: Month) -> bytes:
    """The report as XLSX, in the active language."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets(month):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for number in range(1, sheet.max_column + 1):
            widths = [len(str(row[number - 1])) for row in rows if len(row) >= number]
            sheet.column_dimensions[get_column_letter(number)].width = min(max(widths) + 2, LONGEST)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheets(month: Month) -> list[tuple[str, list[Cells]]]:
    events = IdeaEvent.objects.filter(at__gte=month.start, at__lt=month.next.start)
    rows = list(events.values_list("action", "reason"))
    return [
        (_("Steps"), [[_("Step"), str(month)], *step_rows(rows), *duration_rows(month)]),
        (_("Reasons"), [[_("Step"), _("Reason"), _("Ideas")], *reason_rows(rows)]),
        (_("Sent in"), [[_("By"), "", _("Ideas")], *origin_rows(month)]),
        (_("States"), [[_("State at the end of the month"), _("Ideas")], *state_rows(month)]),
        (_("Scores"), [[_("Criterion"), _("Scores"), _("Mean")], *score_rows(month)]),
    ]


def step_rows(rows: Iterable[tuple[str, str]]) -> list[Cells]:
    counts = Counter(action for action, _reason in rows)
    return [[str(action.label), counts[action]] for action in (Action.SUBMIT, *TRANSITIONS, Action.ERASE)]


def duration_rows(month: Month) -> list[Cells]:
    """How long ideas took to be decided in the month, in days from their confirmation: half took no longer."""
    confirmed = IdeaEvent.objects.filter(idea=OuterRef("idea"), action=Action.CONFIRM).order_by("pk").values("at")[:1]
    decided = IdeaEvent.objects.filter(action__in=DECIDED, at__gte=month.start, at__lt=month.next.start)
    pairs = decided.annotate(confirmed=Subquery(confirmed)).values_list("at", "confirmed")
    days = [(at - confirmed) / DAY for at, confirmed in pairs if confirmed]
    return [[_("Days until decided (median)"), round(median(days), 1) if days else _("none decided")]]


def reason_rows(rows: Iterable[tuple[str, str]]) -> list[Cells]:
    counts = Counter(rows)
    return [
        [str(action.label), str(Reason(reason).label), counts[action, reason]]
        for action, step in TRANSITIONS.items()
        for reason in step.reasons
    ]


def origin_rows(month: Month) -> list[Cells]:
    """Ideas that were sent in, by language, theme, country and kind of submitter."""
    ideas = Idea.objects.filter(created_at__gte=month.start, created_at__lt=month.next.start)
    rows = list(ideas)
    kinds = dict(SubmitterKind.choices)
    groups = [
        (_("Language"), [own_name(idea.language) for idea in rows]),
        (_("Theme"), [idea.theme.label if idea.theme else "–" for idea in rows]),
        (_("Country"), [idea.country.label if idea.country else "–" for idea in rows]),
        (_("Kind of submitter"), [str(kinds.get(idea.submitter_kind, "–")) for idea in rows]),
    ]
    return [[group, value, count] for group, values in groups for value, count in sorted(Counter(values).items())]


def state_rows(month: Month) -> list[Cells]:
    last = IdeaEvent.objects.filter(idea=OuterRef("pk"), at__lt=month.next.start).order_by("-pk").values("after")[:1]
    states = Counter(Idea.objects.annotate(then=Subquery(last)).values_list("then", flat=True))
    return [[str(state.label), states[state]] for state in IdeaState]


def score_rows(month: Month) -> list[Cells]:
    reviews = list(IdeaReview.objects.filter(at__gte=month.start, at__lt=month.next.start, stood_aside=False))
    if not reviews:
        return []
    return [
        [str(one.label), len(reviews), round(sum(getattr(row, one.value) or 0 for row in reviews) / len(reviews), 2)]
        for one in Criterion
    ]
