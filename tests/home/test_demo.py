"""The demonstration content, a few items of each kind: what it builds, and that a second run changes nothing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.management import call_command
from django.db.models import Exists, OuterRef
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from home.demo import reader
from home.management.commands import demo
from home.models import HomePage
from ideas.choices import IdeaState
from ideas.models import CampaignPage, Idea, IdeaPage
from news.models import EventPage, NewsPage
from practices.models import PracticeAdaptation, PracticePage
from reports.models import CountryPage, CountryReportPage
from taxonomy.models import Country

if TYPE_CHECKING:
    from pathlib import Path

    from home.demo.reader import Item

CHOSEN = {
    "practices": {
        "civil-service-tracing-reserve",  # Kazakh source, three languages, chart and timeline
        "telework-agreement-public-bodies",  # outdated
        "remote-civil-service-examination",  # two adaptations
        "plain-language-notices",  # Russian only
        "participatory-rulemaking-portal",  # scheduled
        "mentoring-young-civil-servants",  # in review, Kazakh only
        "data-exchange-layer-of-registers",  # draft
    },
    "countries": {"kz", "kg", "am"},
    "reports": {"kazakhstan-country-report-2021", "kazakhstan-country-report-2022", "armenia-country-report-2022"},
    "news": {"call-for-practices-inclusive-services", "plain-kazakh-handbook-for-rural-offices"},
    "events": {"conference-continuity-of-public-services", "training-contact-centre-assistants"},
}


UNPUBLISHED = [
    "participatory-rulemaking-portal",
    "mentoring-young-civil-servants",
    "data-exchange-layer-of-registers",
]


def fewer(folder: str) -> list[Item]:
    return [item for item in reader.read_items(folder) if item.slug in CHOSEN[folder]]


def load(folder: Path) -> str:
    output = io.StringIO()
    call_command("demo", data=folder, stdout=output)
    return output.getvalue()


def let_moderators_approve() -> None:
    """The workflow that an installation begins with; a test database that was flushed lacks it."""
    WorkflowPage.objects.all().delete()
    task, workflow = GroupApprovalTask.objects.create(name="Approval"), Workflow.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page=Page.get_first_root_node(), workflow=workflow)


def state() -> set[tuple[object, ...]]:
    ideas = {tuple(row) for row in Idea.objects.values_list("pk", "number", "state", "state_since")}
    return ideas | set(
        Page.objects.values_list("pk", "title", "live", "path", "latest_revision_id", "last_published_at")
    )


def languages(page_type: type[Page], slug: str) -> set[str]:
    """The languages in which a page with the slug is live."""
    return set(page_type.objects.filter(slug=slug, live=True).values_list("locale__language_code", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_shows_every_state_and_a_second_run_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh_installation: None
) -> None:
    monkeypatch.setattr(demo, "read_items", fewer)
    let_moderators_approve()
    output = load(tmp_path)
    assert "7 practices" in output
    assert "indicators are loaded without values" in output
    check_languages_and_states()
    check_parts_and_relations()
    check_translations_are_complete()
    check_ideas()
    before = state()
    output = load(tmp_path)
    assert "0 practices" in output
    assert "0 ideas" in output
    assert state() == before


def check_languages_and_states() -> None:
    assert HomePage.objects.filter(live=True).count() == 3
    assert languages(PracticePage, "civil-service-tracing-reserve") == {"en", "ru", "kk"}
    assert languages(PracticePage, "plain-language-notices") == {"ru"}
    assert languages(NewsPage, "plain-kazakh-handbook-for-rural-offices") == {"kk"}
    for slug in UNPUBLISHED:
        assert languages(PracticePage, slug) == set()
    assert PracticePage.objects.get(slug="participatory-rulemaking-portal", live=False).go_live_at is not None
    assert PracticePage.objects.get(slug="mentoring-young-civil-servants").workflow_in_progress
    source = PracticePage.objects.get(slug="telework-agreement-public-bodies", locale__language_code="ru")
    translation = PracticePage.objects.get(slug="telework-agreement-public-bodies", locale__language_code="en")
    assert source.last_published_at > translation.last_published_at


def check_ideas() -> None:
    assert set(Idea.objects.values_list("state", flat=True)) == set(IdeaState)
    for idea in Idea.objects.all():
        events = list(idea.events.all())
        assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]
        assert events[-1].after == idea.state
    for idea in Idea.objects.filter(state__in=["published", "converted"]):
        assert set(idea.pages.filter(live=True).values_list("locale__language_code", flat=True)) == {"en", "ru", "kk"}
    assert not IdeaPage.objects.get(idea__state="accepted").live
    assert [idea.state for idea in Idea.objects.overdue()] == ["triage"]
    assert {call.state for call in CampaignPage.objects.filter(live=True)} == {"open", "over"}
    assert mail.outbox == [], "nobody is written to"


def check_parts_and_relations() -> None:
    reserve = PracticePage.objects.get(slug="civil-service-tracing-reserve", locale__language_code="ru")
    assert reserve.source_language == "kk"
    assert [result.unit for result in reserve.results.all()] == ["дн.", "чел.", "чел."]
    assert {level.code for level in reserve.levels.all()} == {"local", "regional"}
    assert {block.block_type for block in reserve.body} >= {"indicator_chart", "measure_timeline", "quote", "callout"}
    examination = PracticePage.objects.get(slug="remote-civil-service-examination", locale__language_code="kk")
    assert {row.country.code for row in PracticeAdaptation.objects.of(examination)} == {"MD", "UZ"}
    first = CountryReportPage.objects.get(slug="kazakhstan-country-report-2021", locale__language_code="ru")
    assert first.superseded_by.slug == "kazakhstan-country-report-2022"
    assert first.superseded_by.locale == first.locale
    assert EventPage.objects.filter(live=True, status="cancelled").exists()
    assert Country.objects.get(code="KZ").memberships.count() == 1
    assert CountryPage.objects.get(country__code="KG", locale__language_code="ru").title == "Кыргызстан"


def check_translations_are_complete() -> None:
    """What a translator opens in the segment editor is translated to the last string."""
    for translation in Translation.objects.select_related("source"):
        segments = StringSegment.objects.filter(source=translation.source)
        translated = StringTranslation.objects.filter(
            locale=translation.target_locale, translation_of=OuterRef("string"), context=OuterRef("context")
        )
        assert not segments.exclude(Exists(translated)).exists()
