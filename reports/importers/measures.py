"""Measures of governments: rows of text, each of which becomes one record that people may go on editing.

What an import has written is known by its digest. A row that is as it was last time is left alone, whatever people have
made of the record since; a row that was revised is written, unless somebody has edited the record: then it is rejected.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cms.delivery.choices import Scope
from cms.delivery.marks import keys_of, mark
from reports.api.representations import MEASURES
from reports.choices import Certainty, LeftOut, MeasureLevel, RejectReason
from reports.importers.judging import judge_rows
from reports.importers.layouts import COUNTRY_ID, DAY
from reports.importers.profiles.cccsl import COMMENT, COUNTRY, KEY, LEVELS, REGION, SOURCE, category_of
from reports.importers.reporting import FileReport, Reject
from reports.importers.tables import LINE
from reports.models import Measure, MeasureSource, MeasureText

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from reports.importers.layouts import Layout

LANGUAGE = "en"
PREFIX = "CCCSL:"
TITLE_LENGTH, URL_LENGTH, SCOPE_LENGTH, KEY_LENGTH = 255, 500, 255, 100
ADDRESS = re.compile(r"https?://[^\s,;]+")
BATCH = 1000


@dataclass(frozen=True)
class Content:
    """What an import writes of a measure."""

    country: int
    category: str
    start: datetime.date
    level: str
    scope: str
    title: str
    description: str
    urls: tuple[str, ...]

    def digest(self) -> str:
        facts = [self.country, self.category, self.start.isoformat(), self.level, self.scope]
        whole = json.dumps([*facts, self.title, self.description, self.urls])
        return hashlib.sha256(whole.encode()).hexdigest()

    def facts(self) -> dict[str, Any]:
        return {
            "country_id": self.country,
            "category": self.category,
            "start": self.start,
            "level": self.level,
            "geographic_scope": self.scope,
            "import_digest": self.digest(),
        }


def import_measures(layout: Layout, report: FileReport, progress: Callable[[str, int, int], None]) -> None:
    """Take in the measures of a file; `report` is told what became of each."""
    known = {
        one.import_key: one
        for one in Measure.objects.filter(import_key__startswith=PREFIX).prefetch_related("texts", "sources")
    }
    seen: set[str] = set()
    new: dict[str, Content] = {}
    for frame, read in layout.rows.frames():
        rows, rejects, left_out = judge_rows(layout, frame)
        report.rows += frame.height
        report.refuse_frame(rejects)
        report.left_out.update(left_out)
        for row in rows.iter_rows(named=True):
            content = read_row(row, report)
            key = f"{PREFIX}{row[KEY].strip()}"
            if content is None:
                continue
            if key in seen:
                report.refuse([Reject(row[LINE], KEY, row[KEY], RejectReason.DUPLICATE)])
            elif key in known:
                revise(known[key], content, row, report)
            else:
                new[key] = content
            seen.add(key)
        progress(layout.rows.file.name, read, layout.rows.file.size)
    report.added = len(new)
    create(new)


def read_row(row: dict[str, Any], report: FileReport) -> Content | None:
    """A row as a measure, or None where it is none; its rejects go to the report."""
    first, second, third, fourth = (row[level].strip() for level in LEVELS)
    category = category_of(first, second, third)
    title = f"{second}: {third}" if third else second
    if category is None:
        report.refuse([Reject(row[LINE], LEVELS[1], second[:100], RejectReason.CATEGORY)])
        return None
    if not category:
        report.left_out[LeftOut.NO_CATEGORY] += 1
        return None
    has_key = 0 < len(row[KEY].strip()) <= KEY_LENGTH
    if not has_key or len(title) > TITLE_LENGTH or len(row[REGION]) > SCOPE_LENGTH:
        column = LEVELS[2] if len(title) > TITLE_LENGTH else REGION if has_key else KEY
        report.refuse([Reject(row[LINE], column, row[column][:100], RejectReason.TEXT)])
        return None
    urls = dict.fromkeys(ADDRESS.findall(row[SOURCE]))
    long = [url for url in urls if len(url) > URL_LENGTH]
    report.refuse(Reject(row[LINE], SOURCE, url[:100], RejectReason.TEXT) for url in long)
    source = row[SOURCE].strip() if not urls else ""
    is_national = row[REGION].strip() in ("", row[COUNTRY].strip())
    return Content(
        country=row[COUNTRY_ID],
        category=category,
        start=row[DAY],
        level=MeasureLevel.NATIONAL if is_national else MeasureLevel.REGIONAL,
        scope="" if is_national else row[REGION].strip(),
        title=title,
        description="\n".join(part for part in (fourth, row[COMMENT].strip(), source) if part),
        urls=tuple(url for url in urls if url not in long),
    )


def written(measure: Measure) -> Content:
    """What of a record an import would write."""
    text = next((one for one in measure.texts.all() if one.language == LANGUAGE), None)
    return Content(
        country=measure.country_id,
        category=measure.category,
        start=measure.start,
        level=measure.level,
        scope=measure.geographic_scope,
        title=text.title if text else "",
        description=text.description if text else "",
        urls=tuple(one.url for one in sorted(measure.sources.all(), key=lambda one: one.pk)),
    )


def revise(measure: Measure, content: Content, row: dict[str, Any], report: FileReport) -> None:
    if measure.import_digest == content.digest():
        report.unchanged += 1
    elif measure.import_digest != written(measure).digest():
        report.refuse([Reject(row[LINE], KEY, row[KEY], RejectReason.EDITED)])
    else:
        Measure.objects.filter(pk=measure.pk).update(**content.facts())
        MeasureText.objects.filter(measure=measure, language=LANGUAGE).update(
            title=content.title, description=content.description
        )
        MeasureSource.objects.filter(measure=measure).delete()
        MeasureSource.objects.bulk_create(MeasureSource(measure=measure, url=url) for url in content.urls)
        mark(Scope.OBJECT, *keys_of([(MEASURES.name, measure.pk)]))
        report.changed += 1


def create(contents: dict[str, Content]) -> None:
    measures = Measure.objects.bulk_create(
        [
            Measure(import_key=key, end_certainty=Certainty.UNKNOWN, **content.facts())
            for key, content in contents.items()
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(measures, contents.values(), strict=True))
    MeasureText.objects.bulk_create(
        [
            MeasureText(measure=measure, language=LANGUAGE, title=content.title, description=content.description)
            for measure, content in pairs
        ],
        batch_size=BATCH,
    )
    sources = [MeasureSource(measure=measure, url=url) for measure, content in pairs for url in content.urls]
    MeasureSource.objects.bulk_create(sources, batch_size=BATCH)
    mark(Scope.OBJECT, *keys_of((MEASURES.name, measure.pk) for measure in measures))
