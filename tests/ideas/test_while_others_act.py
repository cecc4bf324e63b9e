"""What has changed since it was looked at, what is lost, and what somebody sends to hide what is there."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone

from cms.users.choices import Role
from cms.users.models import User
from ideas import similarity
from ideas.choices import Action, Actor, Criterion, IdeaState
from ideas.exports import archive
from ideas.judging import judge, may_see_scores
from ideas.models import Idea, IdeaEvent, IdeaReview
from ideas.services import move
from ideas.tasks import forget
from tests.factories.ideas import make_campaign, make_idea
from tests.factories.site import published
from tests.ideas.browsing import page
from tests.users.people import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
SCORES: dict[str, int | None] = dict.fromkeys(Criterion.values, 4)


def outlived(state: IdeaState, email: str) -> Idea:
    idea = make_idea(state, email=email)
    since = timezone.now() - site_settings.IDEAS_RETENTION[state] - timedelta(hours=1)
    Idea.objects.filter(pk=idea.pk).update(state_since=since)
    return idea


@pytest.fixture
def when_first_erased() -> Iterator[list[Callable[[], Any]]]:
    """What others do while the first of several ideas is erased."""
    acts: list[Callable[[], Any]] = []

    def act(instance: IdeaEvent, **kwargs: Any) -> None:
        if instance.action == Action.ERASE and acts:
            acts.pop()()

    post_save.connect(act, sender=IdeaEvent)
    yield acts
    post_save.disconnect(act, sender=IdeaEvent)


@pytest.mark.parametrize(
    ("state", "action", "actor"),
    [
        (IdeaState.SUBMITTED, Action.CONFIRM, Actor.SUBMITTER),
        (IdeaState.SPAM, Action.RESTORE, Actor.MODERATOR),
        (IdeaState.NEEDS_INFORMATION, Action.GO_ON, Actor.MODERATOR),
    ],
)
def test_what_takes_a_step_while_others_are_erased_is_kept(
    when_first_erased: list[Callable[[], Any]], state: IdeaState, action: Action, actor: Actor
) -> None:
    first, second, third = (outlived(state, f"{name}@example.org") for name in "abc")
    when_first_erased.append(lambda: move(second.pk, action, actor))
    forget.enqueue()
    kept = Idea.objects.get(pk=second.pk)
    assert (kept.erased_at, kept.title, kept.submitter.email) == (None, second.title, "b@example.org")
    assert Idea.objects.filter(pk__in=[first.pk, third.pk], erased_at=None).count() == 0, "the others go"


@pytest.mark.parametrize("state", [IdeaState.SUBMITTED, IdeaState.SPAM])
def test_copies_that_nobody_works_on_do_not_hide_the_idea_that_is_worked_on(state: IdeaState) -> None:
    """More copies than are compared, each of them liker than the one that counts."""
    real = make_idea(IdeaState.TRIAGE, proposal="Let the offices ask each other, and the family only by a letter.")
    copies = [make_idea(email=f"copy{number}@example.org").pk for number in range(similarity.CANDIDATES + 2)]
    Idea.objects.filter(pk__in=copies).update(state=state)
    own = make_idea(IdeaState.TRIAGE)
    assert [one.idea for one in similarity.like(own)] == [real]


def test_of_a_file_that_is_lost_the_rest_is_handed_out(caplog: pytest.LogCaptureFixture) -> None:
    files = [SimpleUploadedFile(f"{name}.txt", name.encode()) for name in ("lost", "kept")]
    idea = make_idea(IdeaState.CONFIRMED, files=files)
    lost = idea.files.get(name="lost.txt")
    lost.file.storage.delete(str(lost.file))
    with caplog.at_level(logging.ERROR):
        packed = zipfile.ZipFile(io.BytesIO(archive(idea).content))
    assert set(packed.namelist()) == {"idea.json", "attachments/2-kept.txt"}
    told = json.loads(packed.read("idea.json"))
    assert [file["name"] for file in told["attachments"]] == ["lost.txt", "kept.txt"], "what was sent in is still said"
    assert idea.number in caplog.text
    assert "aigerim" not in caplog.text.lower()


@pytest.mark.parametrize("slug", ["send", "similar"])
def test_no_call_takes_an_address_at_which_it_would_never_be_seen(client: Client, slug: str) -> None:
    with pytest.raises(ValidationError, match=r"address of the form"):
        make_campaign(slug=slug)
    assert client.get(f"/en/ideas/{slug}/").status_code in {200, 405}, "the form, or what answers it alone"


def test_a_call_that_is_moved_to_the_address_of_the_form_is_refused_as_well() -> None:
    call = make_campaign()
    call.slug = "send"
    with pytest.raises(ValidationError) as refused:
        published(call)
    assert set(refused.value.message_dict) == {"slug"}


@pytest.mark.parametrize(("zone", "day"), [("Asia/Almaty", 2), ("UTC", 1), ("America/New_York", 1)])
def test_the_day_on_which_an_idea_came_is_that_of_the_site(zone: str, day: int) -> None:
    """At eight in the evening of London it is the next day in Kazakhstan already."""
    idea = make_idea(IdeaState.REVIEW)
    sent = timezone.now().replace(year=2026, month=6, day=1, hour=20)
    Idea.objects.filter(pk=idea.pk).update(created_at=sent)
    with timezone.override(zone):
        move(idea.pk, Action.ACCEPT, Actor.MODERATOR)
    assert idea.pages.get().sent_on == date(2026, 6, day)


class TestReviewers:
    @pytest.fixture
    def people(self, moderator: User) -> list[User]:
        return [moderator, make("second", Role.IDEA_MODERATOR)]

    @pytest.fixture
    def idea(self) -> Idea:
        return make_idea(IdeaState.REVIEW, judged=False)

    def test_who_stands_aside_does_not_read_the_scores_of_others_and_then_judge(
        self, client: Client, idea: Idea, people: list[User]
    ) -> None:
        judge(idea.pk, people[1], SCORES, "A comment of the second")
        judge(idea.pk, people[0], SCORES, stands_aside=True)
        assert not may_see_scores(idea, people[0])
        client.force_login(people[0])
        assert "A comment of the second" not in client.get(reverse("ideas:inspect", args=(idea.pk,))).content.decode()
        judge(idea.pk, people[0], SCORES)
        assert may_see_scores(idea, people[0])

    def test_once_it_is_decided_all_scores_are_open(self, idea: Idea, people: list[User]) -> None:
        for person in people:
            judge(idea.pk, person, SCORES)
        assert not may_see_scores(idea, make("third", Role.IDEA_MODERATOR))
        decided = move(idea.pk, Action.ACCEPT, people[0])
        assert may_see_scores(decided, User.objects.get(username="third"))

    def test_scores_of_an_account_that_is_gone_still_count_and_are_shown(
        self, client: Client, idea: Idea, people: list[User]
    ) -> None:
        for number in (1, 2):
            gone = make(f"gone-{number}", Role.IDEA_MODERATOR)
            judge(idea.pk, gone, SCORES, "Worth it")
        User.objects.filter(username__startswith="gone").delete()
        assert list(IdeaReview.objects.values_list("reviewer", flat=True)) == [None, None]
        assert move(idea.pk, Action.ACCEPT, people[0]).state == IdeaState.ACCEPTED
        client.force_login(people[0])
        response = client.get(reverse("ideas:inspect", args=(idea.pk,)))
        assert response.status_code == 200
        assert "None" not in page(response).get_text(" ")

    def test_a_judgement_may_be_changed_and_stands_once(self, idea: Idea, people: list[User]) -> None:
        judge(idea.pk, people[0], SCORES, "First thought")
        judge(idea.pk, people[0], dict.fromkeys(Criterion.values, 1), "Second thought")
        row = IdeaReview.objects.get()
        assert (row.benefit, row.comment, row.stood_aside) == (1, "Second thought", False)
        notes = idea.events.filter(action=Action.JUDGE).values_list("note", flat=True)
        assert list(notes) == ["First thought", "Second thought"], "the history has both"

    def test_standing_aside_takes_the_scores_back(self, idea: Idea, people: list[User]) -> None:
        judge(idea.pk, people[0], SCORES)
        judge(idea.pk, people[0], SCORES, stands_aside=True)
        row = IdeaReview.objects.get()
        assert [getattr(row, name) for name in Criterion.values] == [None] * len(Criterion)

    def test_comments_of_others_stand_in_the_history_once_the_own_scores_are_given(
        self, client: Client, idea: Idea, people: list[User]
    ) -> None:
        judge(idea.pk, people[0], SCORES, "Mine")
        judge(idea.pk, people[1], {}, "A cousin works there", stands_aside=True)
        third = make("third", Role.IDEA_MODERATOR)
        address = reverse("ideas:inspect", args=(idea.pk,))
        shown = []
        for reader in (*people, third):
            client.force_login(reader)
            text = client.get(address).content.decode()
            shown.append(("Mine" in text, "A cousin works there" in text))
        assert shown == [(True, True), (False, True), (False, False)]
        IdeaReview.objects.filter(reviewer=people[1]).delete()
        judge(idea.pk, third, SCORES)
        move(idea.pk, Action.ACCEPT, people[0])
        client.force_login(people[1])
        assert "Mine" in client.get(address).content.decode(), "decided, it is open to all"
        assert idea.events.filter(note="Mine").exists(), "nothing is taken out of what is kept"
