"""How figures and periods are written for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.choices import Frequency

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal


def digits(value: Decimal | None) -> str:
    """A value without zeros at the end; empty where there is none."""
    return "" if value is None else f"{value.normalize():f}"


def sdmx_period(day: datetime.date, frequency: str) -> str:
    """A time period as SDMX writes it: 2020, 2020-Q1, 2020-01, 2020-W05 or 2020-01-31."""
    if frequency == Frequency.ANNUAL:
        return f"{day:%Y}"
    if frequency == Frequency.QUARTERLY:
        return f"{day:%Y}-Q{(day.month + 2) // 3}"
    if frequency == Frequency.WEEKLY:
        return f"{day:%G-W%V}"
    return f"{day:%Y-%m}" if frequency == Frequency.MONTHLY else day.isoformat()
