"""Titles of pages do not stand in the log of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories.pages import make_standard_page

if TYPE_CHECKING:
    import pytest
    from wagtail.models import Site


def test_the_log_names_pages_by_their_id(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="wagtail")
    page = make_standard_page(title="Words of somebody")
    page.unpublish()
    assert f"id={page.pk}" in caplog.text
    assert "Page created" in caplog.text
    assert "Unpublished" in caplog.text
    assert "Words of somebody" not in caplog.text
