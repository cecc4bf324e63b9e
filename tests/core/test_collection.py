from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from django.urls import get_resolver

from cms.collection import keep_what_is_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_what_is_loaded_is_looked_through_no_more() -> None:
    before = gc.get_freeze_count()
    keep_what_is_loaded()
    assert gc.get_freeze_count() > before + 10_000
    assert "wagtailimages_chooser" in get_resolver().namespace_dict
