"""What published ideas add to the site: search engines, country profiles, feeds, and the rights of moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core import mail
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.users.choices import Role
from cms.users.models import User
from cms.users.services import install_roles
from ideas.choices import IdeaState
from ideas.models import IdeaIndexPage, IdeaPage
from tests.answers import json_ld
from tests.factories.ideas import make_campaign, make_idea, make_published_idea
from tests.factories.pages import make_country_page, make_practice
from tests.factories.site import index_page
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country
from tests.users.people import make

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.mark.parametrize(("wants_credit", "author"), [(True, {"@type": "Person", "name": "Aigerim N."}), (False, None)])
def test_search_engines_read_who_proposed_it_where_that_is_wished(
    client: Client, author: dict[str, str] | None, *, wants_credit: bool
) -> None:
    idea = make_published_idea(wants_credit=wants_credit)
    page = idea.pages.get()
    thing = json_ld(client, page.get_url())["CreativeWork"]
    assert (thing["identifier"], thing["headline"]) == (idea.number, page.title)
    assert thing.get("author") == author
    assert ("Aigerim" in client.get(page.get_url()).text) == wants_credit


def test_a_country_shows_the_ideas_about_it(client: Client) -> None:
    country = make_country("KZ")
    profile = make_country_page(country=country)
    make_published_idea(country=country, title="One window for twins")
    make_published_idea(country=make_country("GE"), title="Lamps in Georgia", email="b@example.org")
    make_idea(IdeaState.ACCEPTED, country=country, title="A draft about it", email="c@example.org")
    text = client.get(profile.get_url()).text
    assert "One window for twins" in text
    assert "/en/ideas/?country=KZ" in text
    assert "Lamps in Georgia" not in text
    assert "A draft about it" not in text


class TestRightsOverPages:
    @pytest.fixture
    def people(self) -> dict[str, User]:
        install_roles()
        return {role: make(role, role) for role in (Role.IDEA_MODERATOR, Role.DATA_MANAGER)}

    def test_moderators_find_their_pages_and_no_others(self, people: dict[str, User]) -> None:
        own, other = make_idea(IdeaState.ACCEPTED).pages.get(), make_practice()
        call = make_campaign()
        policy = policy_registry.get_by_type(Page)
        moderator = people[Role.IDEA_MODERATOR]
        changed = set(policy.instances_user_has_permission_for(moderator, "change").values_list("pk", flat=True))
        assert changed == {own.pk, call.pk}
        explored = set(policy.explorable_instances(moderator).values_list("pk", flat=True))
        assert {own.pk, call.pk, index_page(IdeaIndexPage).pk} <= explored
        assert other.pk not in explored
        assert not policy.explorable_instances(people[Role.DATA_MANAGER]).exists()

    def test_translations_are_for_translators(self, people: dict[str, User]) -> None:
        page = make_published_idea().pages.get()
        other = translated(page, "ru")
        moderator = people[Role.IDEA_MODERATOR]
        assert IdeaPage.objects.get(pk=page.pk).permissions_for_user(moderator).can_edit()
        assert not other.permissions_for_user(moderator).can_edit()
        assert not page.permissions_for_user(people[Role.DATA_MANAGER]).can_edit()

    def test_who_may_change_a_page_is_found_by_its_type(self, people: dict[str, User]) -> None:
        policy = policy_registry.get_by_type(Page)
        page = make_idea(IdeaState.ACCEPTED).pages.get()
        found = policy.users_with_any_permission_for_instance({"change"}, page)
        assert people[Role.IDEA_MODERATOR] in found
        assert people[Role.DATA_MANAGER] not in found
        assert people[Role.IDEA_MODERATOR] not in policy.users_with_any_permission_for_instance({"publish"}, page)
        below = policy.users_with_any_permission_for_instance({"add"}, index_page(IdeaIndexPage))
        assert people[Role.IDEA_MODERATOR] in below

    def test_somebody_who_is_no_moderator_any_longer_changes_nothing(self, people: dict[str, User]) -> None:
        page = make_idea(IdeaState.ACCEPTED).pages.get()
        people[Role.IDEA_MODERATOR].assignments.all().delete()
        assert not page.permissions_for_user(User.objects.get(username=Role.IDEA_MODERATOR)).can_edit()


def test_the_page_that_is_approved_first_tells_the_submitter_once(client: Client) -> None:
    idea = make_published_idea()
    told = len(mail.outbox)
    translated(idea.pages.get(), "ru")
    assert len(mail.outbox) == told, "a translation is no news to the submitter"
    assert set(idea.pages.filter(live=True).values_list("locale__language_code", flat=True)) == {"en", "ru"}
