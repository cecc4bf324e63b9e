"""What an endpoint may be asked: each parameter reads its value, says what was wrong with it, and describes itself."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.http import QueryDict

MOST_DIGITS = 9
LONGEST_TEXT = 200
MOST_CODES = 300
PERIOD = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|([0-9]{2})(?:-([0-9]{2}))?))?", re.ASCII)
# As ISO 8601 writes it, with the dashes or without.
DAY = re.compile(r"[0-9]{4}-?(?:[0-9]{2}-?[0-9]{2}|W[0-9]{2}(?:-?[1-7])?)")
PERIOD_PATTERN = "^[0-9]{4}(-(Q[1-4]|[0-9]{2}(-[0-9]{2})?))?$"


class BadParameterError(ValueError):
    """A parameter that cannot be understood: `name` is which, the message what to do."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


@dataclass(frozen=True)
class Parameter:
    """`read` takes what the client has sent and raises `ValueError`, whose sentence says what would be understood."""

    name: str
    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    default: Any = None
    example: Any = None
    is_list: bool = field(default=False, kw_only=True)

    def value_in(self, query: QueryDict) -> Any:
        if self.name not in query:
            return self.default
        values = query.getlist(self.name)
        text = ",".join(values) if self.is_list else values[-1]
        if not text.isprintable():
            raise BadParameterError(self.name, "control characters are not understood.")
        try:
            return self.read(text)
        except ValueError as error:
            raise BadParameterError(self.name, str(error)) from error


def read_all(parameters: Iterable[Parameter], query: QueryDict, required: Iterable[str] = ()) -> dict[str, Any]:
    """The values by name. Raises `BadParameterError` for an unknown or missing name, and what cannot be understood."""
    known = {one.name: one for one in parameters}
    unknown = sorted(set(query) - set(known))
    if unknown:
        names = ", ".join(known)
        raise BadParameterError(unknown[0], f"there is no such parameter here. There are: {names}.")
    for name in required:
        if name not in query:
            raise BadParameterError(name, "it has to be given.")
    return {name: one.value_in(query) for name, one in known.items()}


def text(name: str, description: str, **more: Any) -> Parameter:
    def read(value: str) -> str:
        if not value.strip() or len(value) > LONGEST_TEXT:
            raise ValueError(f"write between 1 and {LONGEST_TEXT} characters.")
        return value.strip()

    return Parameter(name, description, {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}, read, **more)


def number(name: str, description: str, *, least: int = 0, most: int = 10**MOST_DIGITS - 1, **more: Any) -> Parameter:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdecimal()) or len(value) > MOST_DIGITS or not least <= int(value) <= most:
            raise ValueError(f"write a whole number from {least} to {most}.")
        return int(value)

    default = {"default": more["default"]} if "default" in more else {}
    return Parameter(name, description, {"type": "integer", "minimum": least, "maximum": most} | default, read, **more)


def flag(name: str, description: str, **more: Any) -> Parameter:
    values = {"true": True, "1": True, "false": False, "0": False}

    def read(value: str) -> bool:
        if value not in values:
            raise ValueError("write true or false.")
        return values[value]

    return Parameter(name, description, {"type": "boolean"}, read, **more)


def one_of(name: str, description: str, values: Iterable[str], **more: Any) -> Parameter:
    known = list(values)

    def read(value: str) -> str:
        if value not in known:
            raise ValueError(f"write one of: {', '.join(known)}.")
        return value

    default = {"default": more["default"]} if "default" in more else {}
    return Parameter(name, description, {"type": "string", "enum": known} | default, read, **more)


def some_of(name: str, description: str, values: Iterable[str], **more: Any) -> Parameter:
    known = list(values)

    def read(value: str) -> list[str]:
        wanted = list(dict.fromkeys(value.split(",")))
        if not set(wanted) <= set(known):
            raise ValueError(f"write some of these, with commas: {', '.join(known)}.")
        return wanted

    schema = {"type": "array", "items": {"type": "string", "enum": known}, "minItems": 1}
    return Parameter(name, description, schema, read, is_list=True, **more)


def codes(name: str, description: str, find: Callable[[], Mapping[str, Any]], **more: Any) -> Parameter:
    """Codes of a vocabulary, whose rows are the value; `find` gives the rows by code."""

    def read(value: str) -> list[Any]:
        rows, wanted = find(), list(dict.fromkeys(value.split(",")))
        if len(wanted) > MOST_CODES:
            raise ValueError(f"name at most {MOST_CODES} codes.")
        unknown = next((code for code in wanted if code not in rows), None)
        if unknown is not None:
            raise ValueError(f"there is no “{unknown[:LONGEST_TEXT]}”. Write codes, with commas between them.")
        return [rows[code] for code in wanted]

    schema = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST_CODES}
    return Parameter(name, description, schema, read, is_list=True, **more)


def period(name: str, description: str, *, is_end: bool = False, **more: Any) -> Parameter:
    """A year, quarter, month or day; its first day, or its last."""

    def read(value: str) -> datetime.date:
        return last_day(value) if is_end else first_day(value)

    return Parameter(name, description, {"type": "string", "pattern": PERIOD_PATTERN}, read, **more)


def first_day(value: str) -> datetime.date:
    found = PERIOD.fullmatch(value)
    year, quarter, month, day = found.groups() if found else ("0", None, None, None)  # there was no year 0
    try:
        return datetime.date(int(year), int(month or (int(quarter or 1) * 3 - 2)), int(day or 1))
    except ValueError as error:
        raise ValueError("write a year, quarter, month or day, as in 2021, 2021-Q2, 2021-05 or 2021-05-31.") from error


def last_day(value: str) -> datetime.date:
    first = first_day(value)
    months = 3 if "Q" in value else {len("2021"): 12, len("2021-05"): 1}.get(len(value))
    if months is None:
        return first
    later = first.month - 1 + months
    if first.year + later // 12 > datetime.MAXYEAR:
        return datetime.date.max
    return datetime.date(first.year + later // 12, later % 12 + 1, 1) - datetime.timedelta(days=1)


def day(name: str, description: str, **more: Any) -> Parameter:
    def read(value: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(value)
        except ValueError as error:
            raise ValueError("write a day, as in 2021-05-31.") from error

    return Parameter(name, description, {"type": "string", "format": "date"}, read, **more)


def moment(name: str, description: str, *, is_end: bool = False, **more: Any) -> Parameter:
    """A moment, in UTC where no zone is named. A day stands for its beginning, or with `is_end` for its end."""

    def read(value: str) -> datetime.datetime:
        try:
            is_day = bool(DAY.fullmatch(value))
            found = datetime.datetime.fromisoformat(value.replace(" ", "+"))
            aware = timezone.make_aware(found, datetime.UTC) if timezone.is_naive(found) else found
            found = aware.astimezone(datetime.UTC)
        except (ValueError, OverflowError) as error:
            raise ValueError("write a day or a moment, as in 2021-05-31 or 2021-05-31T12:00:00Z.") from error
        return datetime.datetime.combine(found, datetime.time.max, datetime.UTC) if is_day and is_end else found

    formats = [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
    return Parameter(name, description, {"anyOf": formats}, read, **more)


def locale(description: str = "The language of the texts. Without it: labels in every language.") -> Parameter:
    return one_of("locale", description, [code for code, _name in settings.LANGUAGES], example="en")


def paging(most: int = 100, default: int = 20) -> tuple[Parameter, ...]:
    return (
        number("limit", "How many items to give.", least=1, most=most, default=default),
        number("offset", "How many items to leave out at the beginning.", default=0),
    )
