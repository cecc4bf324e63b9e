"""Parts of the values longer than what is read at once: they lead on, whatever their form."""

from __future__ import annotations

import csv
import datetime
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reports.api.observations import CHUNK
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
VALUES = "/api/v2/observations/"
LONG = CHUNK + 1


@pytest.fixture(scope="module")
def values(made_once: Callable[[Callable[[], Any]], Any]) -> int:
    """How many daily values there are: two more than a long part."""

    def make() -> int:
        days = [datetime.date(2000, 1, 1) + datetime.timedelta(days=number) for number in range(LONG + 2)]
        observe(make_indicator(frequency="D"), make_country("KZ"), {f"{day}": 1 for day in days})
        return len(days)

    count: int = made_once(make)
    return count


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def test_a_long_part_of_a_csv_file_names_where_it_goes_on(client: Client, values: int) -> None:
    first = client.get(f"{VALUES}?format=csv&limit={LONG}")
    days = [row["period"] for row in csv.DictReader(io.StringIO(body(first)))]
    assert len(days) == LONG
    (further,) = [one for one in first["Link"].split(", ") if 'rel="next"' in one]
    query = parse_qs(urlsplit(further.split(";")[0].strip("<>")).query)
    last = client.get(VALUES, {"format": "csv", "limit": str(LONG), "after": query["after"][0]})
    days += [row["period"] for row in csv.DictReader(io.StringIO(body(last)))]
    assert 'rel="next"' not in last["Link"]
    assert (len(days), len(set(days))) == (values, values)


def test_a_long_part_in_json_names_it_at_its_end(client: Client, values: int) -> None:
    text = body(client.get(f"{VALUES}?format=json&limit={LONG}"))
    assert '"next": "http' in text[-1000:]
    assert text.count('"period":') == LONG
