"""What `manage.py check` finds before anybody else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.checks import run_checks

from taxonomy.models import Country

if TYPE_CHECKING:
    import pytest
    from pytest_django import Settings


def found() -> list[str]:
    return [message.id for message in run_checks() if message.id and message.id.startswith("core.")]


def test_the_project_as_it_is_passes() -> None:
    assert found() == []


def test_a_page_type_that_does_not_share_the_base_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.core.checks.get_page_models", lambda: [Country])
    assert found() == ["core.E001"]


def test_a_fallback_that_is_no_language_is_an_error(settings: Settings) -> None:
    settings.LANGUAGE_FALLBACKS = settings.LANGUAGE_FALLBACKS | {"kk": ["ru", "xx"]}
    assert found() == ["core.E002"]


def test_fallbacks_for_an_unknown_language_are_an_error(settings: Settings) -> None:
    settings.LANGUAGE_FALLBACKS = settings.LANGUAGE_FALLBACKS | {"xx": ["ru"]}
    assert found() == ["core.E002"]


def test_a_content_language_without_fallbacks_is_a_warning(settings: Settings) -> None:
    settings.LANGUAGE_FALLBACKS = {"en": ["ru"], "ru": ["en"]}
    assert found() == ["core.W001"]
