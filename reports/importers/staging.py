"""Values of a file beside those of the site: staged in a temporary table, compared and written set by set."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import connection

from reports.models import Observation
from reports.services import summarise

if TYPE_CHECKING:
    import datetime

    from reports.choices import Origin

COLUMNS = (
    "id",
    "line",
    "cell",
    "indicator_id",
    "country_id",
    "day",
    "period_start",
    "frequency",
    "value",
    "status",
    "scope",
    "note",
)
CREATE = """
CREATE TEMPORARY TABLE staged_observation (
    id integer NOT NULL PRIMARY KEY, line integer NOT NULL, cell text NOT NULL,
    indicator_id bigint NOT NULL, country_id bigint NOT NULL, day date NOT NULL,
    period_start date NOT NULL, frequency varchar(1) NOT NULL, value {decimal} NULL,
    status varchar(1) NOT NULL, scope varchar(1) NOT NULL, note varchar(255) NOT NULL
)"""
DROP = "DROP TABLE staged_change", "DROP TABLE staged_observation"
SLICE = 10_000
ADD = "INSERT INTO staged_observation VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
REPEATED = """
SELECT id, line, cell, value FROM (
    SELECT id, line, cell, value, count(*) OVER (PARTITION BY indicator_id, country_id, {unit}) AS number
    FROM staged_observation
) AS numbered WHERE number > 1 ORDER BY line, cell"""
# Of the days of a period the last one that has a value stands for it.
EARLIER_DAYS = """
DELETE FROM staged_observation WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (
            PARTITION BY indicator_id, country_id, period_start ORDER BY value IS NULL, day DESC
        ) AS place FROM staged_observation
    ) AS placed WHERE place > 1
)"""
# A value that the file leaves empty is withdrawn where there was one, and no news where there was none.
COMPARE = """
CREATE TEMPORARY TABLE staged_change AS
SELECT
    staged.id AS staged_id,
    observed.id AS observation_id,
    observed.id IS NOT NULL AND (
        observed.value IS DISTINCT FROM staged.value OR observed.status <> staged.status
        OR observed.scope <> staged.scope OR observed.note <> staged.note
        OR observed.frequency <> staged.frequency
    ) AS differs
FROM staged_observation AS staged
LEFT JOIN reports_observation AS observed ON observed.indicator_id = staged.indicator_id
    AND observed.country_id = staged.country_id AND observed.period_start = staged.period_start
    AND observed.origin = %(origin)s AND observed.valid_to IS NULL
WHERE observed.id IS NOT NULL OR staged.value IS NOT NULL OR staged.note <> ''"""
COUNT = """
SELECT
    count(*) - count(observation_id),
    coalesce(sum(CASE WHEN differs THEN 1 ELSE 0 END), 0),
    count(observation_id)
FROM staged_change"""
CLOSE = """
UPDATE reports_observation SET valid_to = %(now)s
WHERE id IN (SELECT observation_id FROM staged_change WHERE differs)"""
OPEN = """
INSERT INTO reports_observation (
    indicator_id, country_id, period_start, frequency, value, status, scope, note, origin, import_run_id, valid_from
)
SELECT indicator_id, country_id, period_start, frequency, value, status, scope, note, %(origin)s, %(run)s, %(now)s
FROM staged_observation AS staged INNER JOIN staged_change AS changes ON changes.staged_id = staged.id
WHERE changes.differs OR changes.observation_id IS NULL
ORDER BY indicator_id, country_id, period_start"""
TOUCHED = """
SELECT DISTINCT staged.indicator_id, staged.country_id
FROM staged_observation AS staged INNER JOIN staged_change AS changes ON changes.staged_id = staged.id
WHERE changes.differs OR changes.observation_id IS NULL"""


@dataclass(frozen=True)
class Difference:
    """How many values of the file are new, other than before, and as before."""

    added: int
    changed: int
    unchanged: int


class Staging:
    """The temporary tables of one file, to be used within a transaction, which takes them away where it fails."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin.value
        self.count = 0
        decimal = Observation._meta.get_field("value").db_type(connection)
        self._execute(CREATE.format(decimal=decimal))

    def add(self, values: pl.DataFrame) -> None:
        """Take in values that were judged; see `judging.staged` for their columns."""
        numbered = values.with_row_index("id", offset=self.count).select(COLUMNS)
        self.count += numbered.height
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy("COPY staged_observation FROM STDIN (FORMAT csv)") as copy:
                    copy.write(numbered.write_csv(include_header=False))
            else:
                texts = numbered.with_columns(pl.col("day", "period_start", "value").cast(pl.String))
                for part in texts.iter_slices(SLICE):
                    cursor.executemany(ADD, part.rows())

    def take_duplicates(self, *, within_days: bool) -> list[tuple[int, str, str]]:
        """Remove what the file has more than once for one period: (line, column, value) of each of them.

        `within_days`: several days of a period are none, because one of them will stand for it.
        """
        with connection.cursor() as cursor:
            cursor.execute(REPEATED.format(unit="day" if within_days else "period_start"))
            found = cursor.fetchall()
            cursor.executemany("DELETE FROM staged_observation WHERE id = %s", [row[:1] for row in found])
        return [(line, cell, in_digits(value)) for _id, line, cell, value in found]

    def keep_ends_of_periods(self) -> None:
        self._execute(EARLIER_DAYS)

    def compare(self) -> Difference:
        if connection.vendor == "postgresql":
            self._execute("ANALYZE staged_observation")
        self._execute(COMPARE, origin=self.origin)
        with connection.cursor() as cursor:
            cursor.execute(COUNT)
            added, changed, known = cursor.fetchone()
        return Difference(added, changed, known - changed)

    def write(self, run: int, now: datetime.datetime) -> None:
        """Close the values that are other than before, open the new ones, and summarise the series that have any."""
        moment = connection.ops.adapt_datetimefield_value(now)
        self._execute(CLOSE, now=moment)
        self._execute(OPEN, origin=self.origin, run=run, now=moment)
        summarise(TOUCHED)

    def drop(self) -> None:
        for statement in DROP:
            self._execute(statement)

    def _execute(self, sql: str, **facts: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, facts or None)


def in_digits(value: Any) -> str:
    """A number of the database as one writes it, without zeros at the end."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"
