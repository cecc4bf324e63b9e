from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cms.delivery.services import begin, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Site


@pytest.fixture(scope="module")
def begun(made_once: Callable[..., Any]) -> None:
    """A ledger that knows all pages of the site; what a test changes is settled where the test says so."""

    def make() -> None:
        begin()
        settle()

    made_once(make)


@pytest.fixture
def ledger(begun: None, site: Site) -> Callable[[], None]:
    """Settle what was changed."""

    def now() -> None:
        settle()

    return now
