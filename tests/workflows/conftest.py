from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.pages import make_country_page, make_practice, make_report
from tests.factories.vocabularies import make_country
from tests.workflows.people import hire

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def staffed(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    """People, and drafts of theirs that are not public."""

    def make() -> dict[str, Any]:
        hire()
        kazakhstan = make_country("KZ")
        profile = make_country_page(country=kazakhstan)
        pages = {
            "practice": make_practice(country=kazakhstan, title="One window", slug="one-window"),
            "report": make_report(profile, country=kazakhstan, title="Report 2021", slug="report-2021"),
        }
        for page in pages.values():
            page.unpublish()
        return pages

    made: dict[str, Any] = made_once(make)
    return made
