"""Screens of partner managers: the key is shown once, and a revoked one is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.partners.models import KeyUsage, PartnerKey
from cms.partners.services import issue
from cms.users.choices import Role
from cms.users.services import install_roles
from tests.contracts.test_permission_matrix import enter, make_member
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_partners_partnerkey:{name}", args=args)


@pytest.fixture
def manager(client: Client, site: Site) -> Any:
    install_roles()
    make_member(Role.PARTNER_MANAGER, make_country())
    enter(client, Role.PARTNER_MANAGER)
    return client


FACTS = {"name": "Statistics office", "scopes": ["content", "changes"], "rate": "60", "quota": "1000", "expires_at": ""}


def test_a_new_key_is_shown_once_and_works(manager: Client) -> None:
    answer = manager.post(address("add"), FACTS)
    (secret,) = set(re.findall(r"spk_[0-9a-f]{8}_[\w-]+", answer.content.decode()))
    assert "no-store" in answer["Cache-Control"]
    key: Any = PartnerKey.objects.get()
    assert (key.scopes, key.rate, key.created_by.username) == (["content", "changes"], 60, Role.PARTNER_MANAGER)
    assert manager.get("/api/v2/countries/", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    for name in ("edit", "inspect", "history"):
        page = manager.get(address(name, key.pk))
        assert page.status_code == 200
        assert secret not in page.content.decode()
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=key.pk).count() == 1


def test_a_key_needs_a_name_a_purpose_and_limits(manager: Client) -> None:
    answer = manager.post(address("add"), FACTS | {"name": "", "scopes": [], "rate": "0"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"name", "scopes", "rate"}
    assert not PartnerKey.objects.exists()


def test_a_key_is_changed_without_a_new_secret(manager: Client) -> None:
    key, secret = issue(name="Partner")
    manager.post(address("edit", key.pk), FACTS | {"rate": "7"})
    key.refresh_from_db()
    assert key.rate == 7
    answer = manager.get("/api/v2/countries/", headers={"authorization": f"Bearer {secret}"})
    assert '"minute";q=7;w=60' in answer["RateLimit-Policy"]


def test_a_key_is_revoked_after_a_question(manager: Client) -> None:
    key, secret = issue(name="Partner")
    assert address("revoke", key.pk) in manager.get(address("edit", key.pk)).content.decode()
    assert manager.get(address("revoke", key.pk)).status_code == 200
    answer = manager.post(address("revoke", key.pk), follow=True)
    assert "was revoked" in answer.content.decode()
    assert manager.get("/api/v2/countries/", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    assert address("revoke", key.pk) not in manager.get(address("edit", key.pk)).content.decode()
    assert "was revoked before" in manager.post(address("revoke", key.pk), follow=True).content.decode()


def test_the_use_of_a_key_is_shown(manager: Client) -> None:
    key, _secret = issue(name="Partner")
    assert "has not been used yet" in manager.get(address("inspect", key.pk)).content.decode()
    KeyUsage.objects.create(key=key, day=timezone.now().date(), requests=1234, refused=5)
    assert "<td>1234</td>" in manager.get(address("inspect", key.pk)).content.decode()
    listed = manager.get(address("list")).content.decode()
    assert key.prefix in listed
    assert "Valid" in listed
