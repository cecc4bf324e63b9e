"""Managing content through Wagtail's API v3: off at first, with a token only, and within the rights of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import APIToken

from cms.users.choices import Role
from cms.users.services import install_roles
from home.models import StandardPage
from tests.contracts.test_permission_matrix import make_member
from tests.factories.pages import make_news, make_standard_page
from tests.factories.site import homes
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

pytestmark = pytest.mark.django_db
PAGES = "/api/v3-preview/pages/"


@pytest.fixture
def switched_on(site: Site, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.api.management_urls"


def token_of(role: str) -> str:
    """The secret of a token that acts as somebody with a role."""
    install_roles()
    user, secret = make_member(role, make_country()), APIToken.generate_token()
    APIToken.objects.create(user=user, name="Program", key_hash=APIToken.hash_token(secret), prefix=secret[:12])
    return str(secret)


def ask(client: Client, secret: str, method: str = "get", address: str = PAGES, **data: Any) -> Any:
    options: dict[str, Any] = {"headers": {"authorization": f"Bearer {secret}"}}
    if data:
        options |= {"data": data, "content_type": "application/json"}
    return getattr(client, method)(address, **options)


def test_it_is_off_unless_switched_on(client: Client, site: Site) -> None:
    assert client.get(PAGES).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wagtail_wrong", "Basic eDp5", "Bearer {secret}x"])
def test_nobody_reads_without_a_valid_token(client: Client, switched_on: None, header: str) -> None:
    secret = token_of(Role.EDITOR)
    page = make_news()
    for address in (PAGES, f"{PAGES}{page.pk}/", "/api/v3-preview/schema/", "/api/v3-preview/sites/"):
        answer = client.get(address, headers={"authorization": header.format(secret=secret)})
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert ask(client, secret).status_code == 200


def test_a_session_does_not_stand_in_for_a_token(client: Client, switched_on: None, admin_user: Any) -> None:
    client.force_login(admin_user)
    assert client.get(PAGES).status_code == 401


def test_an_editor_writes_drafts_and_publishes_nothing(client: Client, switched_on: None) -> None:
    secret = token_of(Role.EDITOR)
    page = make_standard_page(title="About")
    answer = ask(client, secret, "patch", f"{PAGES}{page.pk}/", meta={"type": "home.StandardPage"}, title="About us")
    assert answer.status_code == 200, answer.content
    page = StandardPage.objects.get(pk=page.pk)
    assert (page.title, page.get_latest_revision_as_object().title) == ("About", "About us")
    assert ask(client, secret, "post", f"{PAGES}{page.pk}/actions/publish/").status_code == 403
    answer = ask(
        client,
        secret,
        "patch",
        f"{PAGES}{page.pk}/",
        meta={"type": "home.StandardPage", "action": "publish"},
        title="X",
    )
    assert answer.status_code == 403
    assert StandardPage.objects.get(pk=page.pk).title == "About"


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.DATA_MANAGER, Role.PARTNER_MANAGER, Role.IDEA_MODERATOR])
def test_who_may_not_write_pages_does_not_write_them(client: Client, switched_on: None, role: str) -> None:
    secret = token_of(role)
    page = make_standard_page(title="About")
    changed = ask(client, secret, "patch", f"{PAGES}{page.pk}/", meta={"type": "home.StandardPage"}, title="Mine")
    home = homes()["en"]
    made = ask(client, secret, "post", PAGES, meta={"type": "home.StandardPage", "parent_id": home.pk}, title="Mine")
    assert {changed.status_code, made.status_code} == {403}
    assert not StandardPage.objects.filter(title="Mine").exists()
