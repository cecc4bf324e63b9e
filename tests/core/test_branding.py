"""The admin wears the colours and the name of the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from cms.settings.env import BASE_DIR

if TYPE_CHECKING:
    from django.test import Client

TEMPLATES = BASE_DIR / "templates"


@pytest.mark.django_db
def test_the_sign_in_page_shows_ornament_and_name(client: Client) -> None:
    html = client.get(reverse("wagtailadmin_login"), follow=True).content.decode()

    assert f'<p class="account-platform">{settings.WAGTAIL_SITE_NAME}</p>' in html
    assert f"– {settings.WAGTAIL_SITE_NAME}</title>" in html
    assert '<span class="sign-in-ornament"><svg' in html
    assert "Wagtail" not in html.split("<main")[1].split("</main>")[0]


def test_the_admin_loads_the_style_of_the_platform(admin_client: Client) -> None:
    html = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    assert 'href="/static/core/admin/admin.css"' in html
    assert 'src="/static/core/favicon.svg"' in html
    assert finders.find("core/admin/admin.css")
    assert finders.find("core/favicon.svg")


@pytest.mark.parametrize("icon", ["chart-line", "lightbulb"])
def test_own_icons_are_in_the_sprite(admin_client: Client, icon: str) -> None:
    sprite = admin_client.get(reverse("wagtailadmin_sprite")).content.decode()

    assert f'id="icon-{icon}"' in sprite


def test_overrides_say_what_they_extend() -> None:
    paths = [path for folder in ("wagtailadmin", "wagtailusers") for path in (TEMPLATES / folder).rglob("*.html")]
    extended = [path for path in paths if f'{{% extends "{path.relative_to(TEMPLATES)}" %}}' in path.read_text()]

    assert extended
    for path in extended:
        assert path.read_text().startswith(f"{{# Extends {path.name} of Wagtail 8.0"), path
