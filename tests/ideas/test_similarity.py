"""Ideas that say the same are found and merged, and people see what is public already while they write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from ideas.choices import Action, Actor, IdeaState, Reason
from ideas.errors import RefusedError
from ideas.history import Said
from ideas.mails import secret_of
from ideas.models import Idea, IdeaKey
from ideas.services import erase, merge, move
from ideas.similarity import ALIKE, keys_of, like
from ideas.suggestions import published_like
from ideas.wording import why
from tests.factories.ideas import make_idea, make_published_idea
from tests.factories.pages import make_practice
from tests.factories.site import published
from tests.ideas.browsing import page

if TYPE_CHECKING:
    from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

ENROL = {
    "title": "Enrol a child for school and kindergarten with one form",
    "problem": "Parents bring the same certificates to the school and to the kindergarten, each on another day.",
    "proposal": "One form on the portal for both; the offices ask the register of residents themselves.",
}
ENROL_AGAIN = {
    "title": "One form to enrol children for kindergarten and school",
    "problem": "Parents have to bring the same certificates to the kindergarten and to the school.",
    "proposal": "A form on the portal, and the offices ask the register of residents.",
}
STREETS = {
    "title": "Report broken street lamps by a photo",
    "problem": "Nobody knows which number to call when a lamp is dark, and it takes weeks.",
    "proposal": "Send a picture with the place; the utility answers within three days.",
}


def make(words: dict[str, str], state: IdeaState = IdeaState.TRIAGE, **facts: Any) -> Idea:
    given: dict[str, Any] = words | facts
    return make_idea(state, **given)


def status(client: Client, idea: Idea) -> str:
    return client.get(f"/en/ideas/follow/{idea.number}/{secret_of(idea.number)}/").text


def test_an_idea_that_says_the_same_in_other_words_is_found() -> None:
    one, other = make(ENROL), make(ENROL_AGAIN, email="b@example.org")
    make(STREETS, email="c@example.org")
    [found] = like(one)
    assert found.idea == other
    assert 100 * ALIKE <= found.likeness < 100
    assert [row.idea for row in like(other)] == [one]


def test_the_same_words_are_wholly_alike_and_nothing_is_like_no_words() -> None:
    one, other = make(ENROL), make(ENROL, email="b@example.org")
    assert [(row.idea, row.likeness) for row in like(one)] == [(other, 100)]
    assert keys_of(set()) == set()
    empty = make({"title": "!!!", "problem": "???", "proposal": "..."}, email="c@example.org")
    assert like(empty) == []
    assert not IdeaKey.objects.filter(idea=empty).exists()


def test_forms_of_russian_words_are_the_same() -> None:
    one = make(
        {"title": "Запись ребёнка в школу", "problem": "Справки из школы", "proposal": "Одна форма"}, language="ru"
    )
    other = make(
        {"title": "Записи детей в школах", "problem": "Справку из школы", "proposal": "Одной формой"},
        language="ru",
        email="b@example.org",
    )
    assert [row.idea for row in like(one)] == [other]


@pytest.mark.parametrize("state", [IdeaState.SUBMITTED, IdeaState.SPAM, IdeaState.WITHDRAWN])
def test_what_nobody_works_on_is_no_duplicate(state: IdeaState) -> None:
    make(ENROL, state)
    assert like(make(ENROL, email="b@example.org")) == []


def test_ideas_in_another_language_and_erased_ones_are_left_out() -> None:
    make(ENROL, language="ru")
    gone = make(ENROL, email="b@example.org")
    erase(gone.pk, Actor.SUBMITTER)
    assert not IdeaKey.objects.filter(idea=gone).exists()
    assert like(make(ENROL, email="c@example.org")) == []


def test_a_hundred_ideas_are_searched_in_four_queries(django_assert_max_num_queries: Any) -> None:
    one = make(ENROL)
    rows = [
        Idea(number=f"N{number}", ticket=f"n{number}", language="en", consent=one.consent, state="triage", **STREETS)
        for number in range(100)
    ]
    Idea.objects.bulk_create(rows)
    IdeaKey.objects.bulk_create(IdeaKey(idea=row, key=key) for row in rows for key in keys_of({"lamp", row.number}))
    with django_assert_max_num_queries(4):
        assert like(one) == []


class TestMerging:
    def test_the_submitter_is_told_and_follows_the_other_idea(self, client: Client, moderator: User) -> None:
        one, other = make(ENROL), make(ENROL_AGAIN, email="b@example.org")
        merge(other.pk, f" {one.number.lower()} ", moderator, Said(reason=Reason.SAME_IDEA))
        after = Idea.objects.get(pk=other.pk)
        assert (after.state, after.duplicate_of) == (IdeaState.DUPLICATE, one)
        letter: Any = mail.outbox[-1]
        assert letter.to == ["b@example.org"]
        for text in (letter.body, letter.alternatives[0][0], status(client, other)):
            assert one.number in text
        assert secret_of(one.number) not in status(client, other) + letter.body
        move(one.pk, Action.SEND_TO_REVIEW, moderator)
        assert "In review" in status(client, other)

    def test_it_leads_to_what_was_published_of_the_other(self, client: Client, moderator: User) -> None:
        one, other = make(ENROL, IdeaState.ACCEPTED), make(ENROL_AGAIN, email="b@example.org")
        merge(other.pk, one.number, moderator, Said(reason=Reason.SAME_IDEA))
        assert "Read it as it was published" not in status(client, other)
        published(one.pages.get())
        assert one.pages.get().get_url() in status(client, other)

    def test_duplicates_of_duplicates_go_on_as_the_first(self, client: Client, moderator: User) -> None:
        one, two, three = (make(ENROL, email=f"{name}@example.org") for name in "abc")
        merge(two.pk, one.number, moderator, Said(reason=Reason.SAME_IDEA))
        merge(three.pk, two.number, moderator, Said(reason=Reason.SAME_IDEA))
        assert Idea.objects.get(pk=three.pk).duplicate_of == one
        four = make(ENROL, email="d@example.org")
        merge(one.pk, four.number, moderator, Said(reason=Reason.SAME_IDEA))
        assert four.number in status(client, three)

    def test_what_cannot_be_is_refused(self, moderator: User) -> None:
        one, other = make(ENROL), make(ENROL_AGAIN, email="b@example.org")
        spam = make(STREETS, IdeaState.SPAM, email="c@example.org")
        erased = make(STREETS, email="d@example.org")
        erase(erased.pk, Actor.SUBMITTER)
        for number, sentence in [
            (one.number, "as itself"),
            ("NONE-HERE", "no idea of that number"),
            (spam.number, "no idea of that number"),
            (erased.number, "no idea of that number"),
        ]:
            with pytest.raises(RefusedError, match=sentence):
                merge(one.pk, number, moderator, Said(reason=Reason.SAME_IDEA))
        merge(other.pk, one.number, moderator, Said(reason=Reason.SAME_IDEA))
        with pytest.raises(RefusedError, match=r"as itself"):
            merge(one.pk, other.number, moderator, Said(reason=Reason.SAME_IDEA))
        assert Idea.objects.get(pk=one.pk).state == IdeaState.TRIAGE

    def test_what_is_taken_back_stands_for_itself_again(self, client: Client, moderator: User) -> None:
        one, other = make(ENROL), make(ENROL_AGAIN, email="b@example.org")
        merge(other.pk, one.number, moderator, Said(reason=Reason.SAME_IDEA))
        move(other.pk, Action.RESTORE, moderator)
        assert Idea.objects.get(pk=other.pk).duplicate_of is None
        assert one.number not in status(client, other)

    def test_moderators_find_and_merge_on_the_page_of_the_idea(self, client: Client, moderator: User) -> None:
        one, other = make(ENROL), make(ENROL_AGAIN, email="b@example.org")
        client.force_login(moderator)
        shown = page(client.get(f"/admin/ideas/{other.pk}/"))
        link = next(a for a in shown.select("a") if "mark-duplicate" in a["href"] and "of=" in a["href"])
        asked = page(client.get(str(link["href"])))
        [field], [text] = asked.select("[name=original]"), asked.select("[name=text]")
        assert field["value"] == one.number
        assert text.get_text().strip() == why(Reason.SAME_IDEA, "en"), "the words for the reason stand ready"
        address = f"/admin/ideas/{other.pk}/step/mark-duplicate/"
        refused = client.post(address, {"reason": Reason.SAME_IDEA, "original": ""})
        assert "Write the number of the idea" in refused.text
        client.post(address, {"reason": Reason.SAME_IDEA, "original": "none"}, follow=True)
        assert Idea.objects.get(pk=other.pk).state == IdeaState.TRIAGE
        client.post(address, {"reason": Reason.SAME_IDEA, "original": one.number})
        assert Idea.objects.get(pk=other.pk).duplicate_of == one
        assert one.number in client.get(f"/admin/ideas/{other.pk}/").text

    def test_what_is_done_already_needs_no_other_idea(self, client: Client, moderator: User) -> None:
        one = make(ENROL)
        client.force_login(moderator)
        client.post(f"/admin/ideas/{one.pk}/step/mark-duplicate/", {"reason": Reason.IN_USE, "original": ""})
        assert Idea.objects.get(pk=one.pk).state == IdeaState.DUPLICATE


class TestWhileWriting:
    ADDRESS = "/en/ideas/similar/"

    def test_public_ideas_and_practices_are_shown_and_nothing_else(self, client: Client) -> None:
        make_practice(title="Enrolling children for school with one form", slug="enrol")
        given: dict[str, Any] = ENROL | {"email": "b@example.org"}
        idea = make_published_idea(**given)
        make(ENROL_AGAIN, IdeaState.ACCEPTED, email="c@example.org")
        shown = client.post(self.ADDRESS, {"text": "Parents enrol a child for school on one form"})
        links = [str(link["href"]) for link in page(shown).select("a")]
        assert set(links) == {"/en/practices/enrol/", idea.pages.get().get_url()}
        assert all(link.get("target") == "_blank" for link in page(shown).select("a"))

    @pytest.mark.parametrize("text", ["", "a", "zzqqxx yyxxqq", "\0", "'; DROP TABLE", '" OR NEAR(', "school"])
    def test_nothing_is_shown_for_what_says_little(self, client: Client, text: str) -> None:
        make_practice(title="Enrolling children for school with one form")
        response = client.post(self.ADDRESS, {"text": text})
        assert (response.status_code, response.text.strip()) == (200, "")

    def test_what_is_shown_is_escaped(self, client: Client) -> None:
        make_practice(title="School form <script>alert(1)</script>", slug="hostile")
        response = client.post(self.ADDRESS, {"text": "a school form"})
        assert "hostile" in response.text
        assert "<script>" not in response.text

    def test_drafts_and_other_languages_are_nobodys_business(self) -> None:
        make_practice(title="Enrolling children for school with one form").unpublish()
        assert published_like("Enrolling children for school") == []

    def test_it_is_sent_with_a_token_and_not_too_often(self) -> None:
        assert Client(enforce_csrf_checks=True).post(self.ADDRESS, {"text": "school form"}).status_code == 403
        assert Client().get(self.ADDRESS).status_code == 405
        from ideas import views

        client = Client()
        answers = [client.post(self.ADDRESS, {"text": "school"}).status_code for _n in range(views.ASKED.times + 1)]
        assert (set(answers[:-1]), answers[-1]) == ({200}, 429)

    def test_it_takes_few_queries(self, client: Client, django_assert_max_num_queries: Any) -> None:
        for number in range(5):
            make_practice(title=f"Enrolling children for school with form {number}", slug=f"form-{number}")
        client.post(self.ADDRESS, {"text": "children school form"})
        with django_assert_max_num_queries(10):
            client.post(self.ADDRESS, {"text": "children enrol school form"})
