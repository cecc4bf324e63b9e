"""How many questions each list of the API asks the database: a known number, for one item as for twenty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.contrib.redirects.models import Redirect

from tests.answers import queries
from tests.contracts.snapshots import assert_matches
from tests.factories.examples import full_country, full_event, full_news, full_practice, full_report
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_adaptation
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

KINDS = [full_practice, full_country, full_report, full_news, full_event]
CODES = ["KZ", "KG", "UZ"]
BUDGET = 31


@pytest.fixture
def pages(site: Site) -> list[Any]:
    """Some of everything, the last of each with all that there is."""
    found = []
    for number, code in enumerate(CODES):
        country = make_country(code)
        facts: dict[str, Any] = {"country": country, "themes": [make_theme(f"theme-{number}")]}
        found = [make(title=f"Item {number}", slug=f"item-{number}", **facts) for make in KINDS]
        make_adaptation(found[0], country)
        make_organisation(f"body-{number}", logo=make_image(f"Picture {number}"))
        make_document(f"File {number}")
        observe(make_indicator(f"TEST.{number}"), country, {"2021-01-01": number})
        make_measure(country)
        Redirect.objects.create(old_path=f"/old-{number}", redirect_page=found[0].page_ptr)
    return found


def addresses(pages: list[Any]) -> dict[str, str]:
    full = "fields=*&locale=en&theme=theme-0,theme-1,theme-2&"
    typed = {page._meta.label: f"pages/?type={page._meta.label}&{full}" for page in pages}
    lists = ("countries", "themes", "vocabularies", "indicators", "measures", "observations")
    others = {
        "pages": "pages/?locale=en&",
        "organisations": "organisations/?code=body-0,body-1,body-2&",
        "search": "search/?q=item&kind=practices&",
        "values as they were": "observations/?as_of=2030-01-01&last=1&",
    }
    return (
        typed
        | {f"{name}, by cursor": f"{query}after=&" for name, query in typed.items()}
        | {name: f"{name}/?" for name in lists}
        | {name: f"{name}/?fields=*&" for name in ("images", "documents", "redirects")}
        | others
    )


def test_lists_ask_as_often_for_twenty_as_for_one(client: Client, pages: list[Any]) -> None:
    lists = {name: f"/api/v2/{query}limit=" for name, query in addresses(pages).items()}
    one, twenty = ({name: queries(client, f"{query}{size}") for name, query in lists.items()} for size in (1, 20))
    assert {name: (one[name], number) for name, number in twenty.items() if number != one[name]} == {}
    assert {name: number for name, number in twenty.items() if number > BUDGET} == {}
    shown = {name: len(client.get(f"{query}20").json()["items"]) for name, query in lists.items()}
    assert {name for name, number in shown.items() if number < len(CODES)} == set(), (
        "otherwise twenty are as few as one"
    )
    assert_matches("api_query_baselines.json", twenty)
