"""An accepted idea becomes a page, a public one, and a practice; the pages go when the idea is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, Revision
from wagtail_localize.models import String, StringTranslation, TranslationSource

from cms.core import memory
from cms.core.querysets import PAGES
from cms.users.choices import Role
from cms.users.services import install_roles
from cms.workflows.installation import install_workflow
from ideas.choices import Action, Actor, IdeaState
from ideas.errors import RefusedError
from ideas.models import Idea, IdeaIndexPage, IdeaPage
from ideas.publication import public_version
from ideas.services import erase, move
from practices.models import PracticeIndexPage, PracticePage
from tests.answers import queries
from tests.contracts.test_rights import is_refused
from tests.editing import edit_url
from tests.factories.ideas import make_idea, make_published_idea
from tests.factories.site import index_page, published
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country, make_theme
from tests.ideas.browsing import page as document
from tests.users.people import make

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
HOSTILE = "A form <script>alert(1)</script> for all"


def test_accepting_makes_a_draft_with_the_words_of_the_submitter() -> None:
    theme, country = make_theme("inclusion"), make_country("KZ")
    facts: dict[str, Any] = {
        "theme": theme,
        "country": country,
        "stage": "tried",
        "effect": "One.\n\nTwo.",
        "problem": HOSTILE,
    }
    idea = make_idea(IdeaState.ACCEPTED, language="ru", wants_credit=True, **facts)
    page = idea.pages.get()
    assert (page.live, page.locale.language_code, page.source_language) == (False, "ru", "ru")
    assert page.get_parent().specific == index_page(IdeaIndexPage, "ru")
    assert (page.title, page.slug, page.number) == (idea.title, idea.number.lower(), idea.number)
    assert page.effect == "<p>One.</p>\n\n<p>Two.</p>"
    assert "<script" not in page.problem
    assert "&lt;script&gt;" in page.problem
    assert (page.themes, page.countries, page.stage, page.credit) == ([theme], [country], "tried", "Aigerim N.")
    assert Idea.objects.get(pk=idea.pk).state == IdeaState.ACCEPTED, "nothing is public yet"


@pytest.mark.parametrize(("language", "place"), [("kk", "kk"), ("ar", "en")])
def test_an_idea_in_a_language_without_content_is_edited_in_the_default_one(language: str, place: str) -> None:
    assert make_idea(IdeaState.ACCEPTED, language=language).pages.get().locale.language_code == place


def test_nobody_is_named_who_does_not_want_it() -> None:
    assert make_idea(IdeaState.ACCEPTED, wants_credit=False).pages.get().credit == ""


def test_without_a_list_nothing_is_accepted() -> None:
    idea = make_idea(IdeaState.REVIEW)
    for page in IdeaIndexPage.objects.all():
        page.delete()
    with pytest.raises(RefusedError, match=r"no list of ideas"):
        move(idea.pk, Action.ACCEPT, Actor.MODERATOR)
    assert Idea.objects.get(pk=idea.pk).state == IdeaState.REVIEW


def test_what_a_colleague_publishes_is_public_and_the_submitter_is_told(client: Client) -> None:
    idea = make_idea(IdeaState.ACCEPTED, language="ru")
    letters = len(mail.outbox)
    page = idea.pages.get()
    page.title = "Одно заявление для школы и детского сада"
    published(page)
    assert Idea.objects.get(pk=idea.pk).state == IdeaState.PUBLISHED
    event = idea.events.last()
    assert event
    assert (event.action, event.actor, event.before) == (Action.PUBLISH, Actor.SYSTEM, IdeaState.ACCEPTED)
    assert len(mail.outbox) == letters + 1
    published(IdeaPage.objects.get(pk=page.pk))
    assert len(mail.outbox) == letters + 1, "a later change is no news"
    assert Idea.objects.get(pk=idea.pk).title == idea.title, "what was sent in stays as it is"
    response = client.get(page.get_url())
    assert response.status_code == 200
    assert "Одно заявление" in response.text
    assert idea.number in response.text


def test_the_list_the_search_the_api_and_the_feed_hold_public_ideas_alone(client: Client) -> None:
    theme = make_theme("inclusion")
    public = make_published_idea(theme=theme, title="One window for parents of twins")
    make_idea(IdeaState.ACCEPTED, title="A draft about twins that nobody may read", email="b@example.org")
    for address in (
        "/en/ideas/",
        "/en/ideas/?theme=inclusion&state=published",
        "/en/search/?q=twins",
        "/en/feeds/ideas.rss",
        "/api/v2/pages/?type=ideas.IdeaPage",
    ):
        text = client.get(address).text.replace("<mark>", "").replace("</mark>", "")
        assert "One window for parents of twins" in text, address
        assert "A draft about twins" not in text, address
    assert "One window" not in client.get("/en/ideas/?state=converted").text
    answer = client.get(f"/api/v2/pages/{public.pages.get().pk}/").json()
    assert (answer["number"], answer["practice"], answer["credit"]) == (public.number, None, "")
    assert "aigerim" not in str(answer).lower()


def test_the_list_takes_as_many_queries_for_many_ideas(client: Client) -> None:
    for number in range(2):
        make_published_idea(email=f"a{number}@example.org")
    few = queries(client, "/en/ideas/")
    for number in range(2, 8):
        make_published_idea(email=f"a{number}@example.org")
    assert queries(client, "/en/ideas/") == few <= 20


@pytest.mark.parametrize("state", [IdeaState.DECLINED, IdeaState.WITHDRAWN])
def test_a_page_of_an_idea_that_is_not_accepted_is_never_published(state: IdeaState) -> None:
    idea = make_idea(IdeaState.ACCEPTED)
    Idea.objects.filter(pk=idea.pk).update(state=state)
    with pytest.raises(ValidationError, match=r"not accepted"):
        published(IdeaPage.objects.get(idea=idea))


def test_no_idea_takes_the_address_of_the_form() -> None:
    page = make_idea(IdeaState.ACCEPTED).pages.get()
    page.slug = "send"
    with pytest.raises(ValidationError, match=r"address of the form"):
        published(page)


class TestModerators:
    @pytest.fixture
    def staff(self) -> dict[str, User]:
        install_roles()
        install_workflow()
        return {role: make(role, role) for role in (Role.IDEA_MODERATOR, Role.EDITOR, Role.PARTNER_MANAGER)}

    def test_they_edit_the_page_beside_what_was_sent_in_and_do_not_publish_it(
        self, client: Client, staff: dict[str, User]
    ) -> None:
        idea = make_idea(IdeaState.ACCEPTED, problem="The very words of the submitter.")
        page = idea.pages.get()
        page.problem = "<p>Edited</p>"
        page.save_revision()
        client.force_login(staff[Role.IDEA_MODERATOR])
        response = client.get(edit_url(page))
        assert response.status_code == 200
        [original] = document(response).select(".idea-original")
        assert "The very words of the submitter." in original.get_text()
        rights = page.permissions_for_user(staff[Role.IDEA_MODERATOR])
        assert rights.can_edit()
        assert rights.can_submit_for_moderation()
        assert not rights.can_publish()
        assert not rights.can_delete()
        assert is_refused(client.post(reverse("wagtailadmin_pages:unpublish", args=(page.pk,))))

    def test_they_have_no_other_page(self, client: Client, staff: dict[str, User]) -> None:
        moderator = staff[Role.IDEA_MODERATOR]
        client.force_login(moderator)
        practice = index_page(PracticeIndexPage)
        assert not practice.permissions_for_user(moderator).can_edit()
        assert not index_page(IdeaIndexPage).permissions_for_user(moderator).can_edit()
        assert IdeaPage not in index_page(IdeaIndexPage).creatable_subpage_models()
        assert is_refused(client.get(edit_url(practice)))

    def test_editors_do_not_see_what_was_sent_in(self, client: Client, staff: dict[str, User]) -> None:
        page = make_idea(IdeaState.ACCEPTED).pages.get()
        client.force_login(staff[Role.EDITOR])
        response = client.get(edit_url(page))
        assert response.status_code == 200
        assert document(response).select_one(".idea-original") is None
        client.force_login(staff[Role.PARTNER_MANAGER])
        assert is_refused(client.get(edit_url(page)))

    def test_the_idea_leads_to_its_pages(self, client: Client, staff: dict[str, User]) -> None:
        idea = make_published_idea()
        client.force_login(staff[Role.IDEA_MODERATOR])
        text = client.get(f"/admin/ideas/{idea.pk}/").text
        assert edit_url(idea.pages.get()) in text
        assert public_version(idea).url in text


class TestPractice:
    def test_converting_makes_a_draft_and_each_leads_to_the_other(self, client: Client) -> None:
        theme, country = make_theme("inclusion"), make_country("KZ")
        idea = make_published_idea(theme=theme, country=country)
        move(idea.pk, Action.CONVERT, Actor.MODERATOR)
        idea = Idea.objects.get(pk=idea.pk)
        practice = PracticePage.objects.get()
        assert (idea.state, idea.practice_id, practice.live) == (IdeaState.CONVERTED, practice.pk, False)
        assert (practice.themes, practice.country) == ([theme], country)
        origin = IdeaPage.objects.get()
        assert practice.approach == origin.proposal
        related = practice.get_latest_revision_as_object().page_relations.all()
        assert [row.related_id for row in related] == [origin.pk]
        page = public_version(idea)
        assert practice.title in client.get(page.get_url()).text
        assert IdeaPage.objects.get().public_practice is None, "a draft is nobody's business"
        Page.objects.filter(pk=practice.pk).update(live=True)
        memory.forget()
        assert practice.get_url() in client.get(page.get_url()).text
        assert client.get(f"/api/v2/pages/{page.pk}/").json()["practice"]["id"] == practice.pk
        assert client.get(f"/api/v2/pages/{practice.pk}/").json()["related_pages"][0]["id"] == page.pk

    def test_many_ideas_with_practices_cost_as_many_queries_as_one(self, client: Client) -> None:
        def asked() -> int:
            address = "/api/v2/pages/?type=ideas.IdeaPage&fields=practice"
            client.get(address)
            with CaptureQueriesContext(connection) as context:
                items = client.get(address).json()["items"]
            assert {item["practice"]["title"] for item in items} == {item["title"] for item in items}
            return len(context)

        def convert(title: str) -> None:
            move(make_published_idea(title=title).pk, Action.CONVERT, Actor.MODERATOR)
            Page.objects.filter(pk=PracticePage.objects.latest("pk").pk).update(live=True)
            memory.changed(PAGES)

        convert("One")
        first = asked()
        for title in ("Two", "Three"):
            convert(title)
        assert asked() == first

    def test_without_a_catalogue_nothing_is_converted(self) -> None:
        idea = make_published_idea()
        for page in PracticeIndexPage.objects.all():
            page.delete()
        with pytest.raises(RefusedError, match=r"no catalogue"):
            move(idea.pk, Action.CONVERT, Actor.MODERATOR)
        assert Idea.objects.get(pk=idea.pk).state == IdeaState.PUBLISHED


class TestTakenBack:
    @pytest.fixture
    def idea(self) -> Idea:
        """Published in two languages, and a draft of a practice."""
        idea = make_published_idea(title="One window for Zhumabekova")
        page = idea.pages.get()
        translated(page, "ru")
        move(idea.pk, Action.CONVERT, Actor.MODERATOR)
        return Idea.objects.get(pk=idea.pk)

    @pytest.mark.parametrize("action", ["withdraw", "erase"])
    def test_the_pages_go_in_all_languages_and_leave_no_word(self, client: Client, idea: Idea, action: str) -> None:
        addresses = [page.get_url() for page in idea.pages.all()]
        assert len(addresses) == 2
        assert [client.get(address).status_code for address in addresses] == [200, 200]
        if action == "erase":
            erase(idea.pk, Actor.SUBMITTER)
        else:
            move(idea.pk, Action.WITHDRAW, Actor.SUBMITTER)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert not IdeaPage.objects.exists()
        assert not PracticePage.objects.exists()
        for rows in (Revision, PageLogEntry, TranslationSource, String, StringTranslation):
            assert "Zhumabekova" not in str(list(rows.objects.values())), rows
        assert PageLogEntry.objects.filter(label=idea.number).exists(), "the log still says who did what"
        after = Idea.objects.get(pk=idea.pk)
        assert (after.number, after.practice_id) == (idea.number, None)

    def test_sentences_that_other_pages_have_as_well_stay_translated(self, idea: Idea) -> None:
        other = make_published_idea(title="Another window", email="b@example.org", problem=idea.problem)
        translated(other.pages.get(), "ru")
        move(idea.pk, Action.WITHDRAW, Actor.SUBMITTER)
        assert String.objects.filter(data__contains=idea.problem).exists()
        assert other.pages.count() == 2

    def test_a_practice_that_was_published_stays(self, idea: Idea) -> None:
        Page.objects.filter(pk=idea.practice_id).update(live=True, first_published_at=idea.created_at)
        erase(idea.pk, Actor.SUBMITTER)
        practice = PracticePage.objects.get()
        assert (practice.pk, list(practice.page_relations.all())) == (idea.practice_id, [])
        assert Idea.objects.get(pk=idea.pk).practice_id == practice.pk

    def test_what_was_sent_in_is_erased_by_itself_and_what_was_published_on_request(
        self, client: Client, idea: Idea
    ) -> None:
        erase(idea.pk, Actor.SYSTEM)
        assert Idea.objects.get(pk=idea.pk).title == ""
        assert idea.pages.filter(live=True).count() == 2
        from ideas.mails import secret_of

        address = f"/en/ideas/follow/{idea.number}/{secret_of(idea.number)}/"
        assert "Erase what was published as well" in client.get(address).text
        assert client.get(f"{address}erase/").status_code == 200
        client.post(f"{address}erase/")
        assert not idea.pages.exists()
        assert "Erase what was published" not in client.get(address).text


def test_the_status_page_leads_to_what_was_published(client: Client) -> None:
    from ideas.mails import secret_of

    idea: Any = make_idea(IdeaState.ACCEPTED)
    address = f"/en/ideas/follow/{idea.number}/{secret_of(idea.number)}/"
    assert "Read it as it was published" not in client.get(address).text
    published(idea.pages.get())
    assert public_version(idea).url in client.get(address).text
