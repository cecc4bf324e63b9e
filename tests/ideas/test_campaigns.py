"""Calls for ideas: the form takes ideas for one from its first day to its last, and the page shows what came of it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.users.choices import Role
from ideas.choices import CampaignState
from ideas.models import CampaignPage, Idea, IdeaIndexPage
from tests.editing import add_url
from tests.factories.ideas import make_campaign, make_idea, make_published_idea
from tests.factories.site import index_page, translate
from tests.ideas.browsing import FORM, errors, fill_in, page, send
from tests.users.people import make

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ((1, 9), CampaignState.COMING),
        ((0, 9), CampaignState.OPEN),
        ((0, 0), CampaignState.OPEN),
        ((-9, 0), CampaignState.OPEN),
        ((-9, -1), CampaignState.OVER),
    ],
)
def test_a_call_takes_ideas_on_its_first_and_on_its_last_day(
    client: Client, days: tuple[int, int], state: CampaignState
) -> None:
    call = make_campaign(days)
    assert call.state == state
    response = client.get(call.get_url())
    assert str(state.label) in response.text
    assert (f"?call={call.translation_key}" in response.text) == (state == CampaignState.OPEN)
    form = page(client.get(f"{FORM}?call={call.translation_key}"))
    assert bool(form.select("[name=campaign]")) == (state == CampaignState.OPEN)


def test_it_cannot_close_before_it_opens() -> None:
    with pytest.raises(ValidationError, match=r"before it opens"):
        make_campaign((5, 4))


def test_an_idea_for_a_call_keeps_which_one_and_to_which_terms_somebody_agreed(client: Client) -> None:
    call = make_campaign()
    address = f"{FORM}?call={call.translation_key}"
    assert "Ideas for parents" in client.get(address).text
    response = send(client, address=address, campaign=str(call.translation_key))
    assert response.status_code == 302, errors(response)
    idea = Idea.objects.get()
    assert idea.campaign == call.translation_key
    assert "The terms of the call “Ideas for parents”" in idea.consent.text
    assert "Creative Commons" in idea.consent.text


def test_it_is_the_same_call_in_every_language(client: Client) -> None:
    call = make_campaign()
    translate(call, "ru", title="Идеи для родителей", slug="roditeli")
    address = f"/ru/ideas/send/?call={call.translation_key}"
    assert "Идеи для родителей" in client.get(address).text
    assert send(client, address=address, campaign=str(call.translation_key)).status_code == 302
    assert Idea.objects.get().campaign == call.translation_key


def test_a_form_that_comes_after_the_last_day_is_shown_again_without_the_call(client: Client) -> None:
    call = make_campaign()
    sent = fill_in(client, address=f"{FORM}?call={call.translation_key}", campaign=str(call.translation_key))
    CampaignPage.objects.update(closes=timezone.localdate() - DAY)
    response = client.post(FORM, sent)
    assert "takes no ideas at present" in " ".join(errors(response))
    document = page(response)
    assert not document.select("[name=campaign]")
    assert sent["problem"] in response.text, "what was written is there"
    assert not Idea.objects.exists()
    [ticket], [terms] = document.select("[name=ticket]"), document.select("[name=terms]")
    again = sent | {"campaign": "", "ticket": ticket["value"], "terms": terms["value"]}
    assert client.post(FORM, again).status_code == 302
    assert Idea.objects.get().campaign is None


@pytest.mark.parametrize("uid", ["", "nonsense", "0" * 200, "\0", "' OR 1=1", "9fea1ff4-1eab-4ee0-a673-44c48d479cb2"])
def test_a_call_that_does_not_exist_is_none(client: Client, uid: str) -> None:
    response = client.get(FORM, {"call": uid})
    assert response.status_code == 200
    assert not page(response).select("[name=campaign]")
    if uid:
        assert errors(send(client, campaign=uid))
        assert not Idea.objects.exists()


def test_a_draft_is_no_call(client: Client) -> None:
    call = make_campaign()
    call.unpublish()
    assert not page(client.get(f"{FORM}?call={call.translation_key}")).select("[name=campaign]")


def test_its_page_shows_the_published_ideas_and_the_results(client: Client) -> None:
    call = make_campaign(results="<p>Three were tried.</p>")
    make_published_idea(title="One window for twins", campaign=call.translation_key)
    make_published_idea(title="Another matter", email="b@example.org")
    make_idea(title="Not published yet", email="c@example.org", campaign=call.translation_key)
    text = client.get(call.get_url()).text
    assert "One window for twins" in text
    assert "Three were tried." in text
    assert "Another matter" not in text
    assert "Not published yet" not in text


def test_the_list_shows_calls_that_are_open_or_come(client: Client) -> None:
    for number, days in enumerate([(-9, -1), (-1, 1), (3, 4)]):
        make_campaign(days, title=f"Call number {number}", slug=f"call-{number}")
    text = client.get("/en/ideas/").text
    assert [f"Call number {number}" in text for number in range(3)] == [False, True, True]
    assert "Call number 1" not in client.get("/en/ideas/?sort=title").text


def test_the_api_shows_dates_terms_and_results(client: Client) -> None:
    call = make_campaign()
    answer = client.get(f"/api/v2/pages/{call.pk}/").json()
    assert (answer["opens"], answer["closes"]) == (str(call.opens), str(call.closes))
    assert "state" not in answer  # it would change by itself, and copies of the answer would not
    assert "All may." in answer["terms"]


def test_moderators_write_calls_and_others_do_not(client: Client, moderator: User) -> None:
    parent = index_page(IdeaIndexPage)
    client.force_login(moderator)
    assert client.get(add_url(parent, CampaignPage)).status_code == 200
    assert make_campaign().permissions_for_user(moderator).can_edit()
    client.force_login(make("partner", Role.PARTNER_MANAGER))
    assert client.get(add_url(parent, CampaignPage)).status_code == 302


def test_moderators_narrow_the_queue_by_call(client: Client, moderator: User) -> None:
    call = make_campaign()
    one: Any = make_idea(campaign=call.translation_key, title="For the call in question")
    make_idea(email="b@example.org", title="For no call at all")
    client.force_login(moderator)
    text = client.get("/admin/ideas/", {"campaign": str(call.translation_key), "box": "all"}).text
    assert "For the call in question" in text
    assert "For no call at all" not in text
    assert "Ideas for parents" in client.get(f"/admin/ideas/{one.pk}/").text
