"""Every page type in the admin: drafts may be incomplete, publications may not, and the whole life of a page works."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import inline_formset, rich_text

from cms.core.models import BasePage
from home.models import HomePage, StandardPage
from ideas.models import CampaignPage, IdeaIndexPage, IdeaPage
from news.choices import EventMode
from news.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from practices.models import PracticeIndexPage, PracticePage
from reports.models import CountryIndexPage, CountryPage, CountryReportPage, IndicatorIndexPage, ReportIndexPage
from tests.editing import add_url, edit_url, problems, rendered_data, send
from tests.factories.media import make_image
from tests.factories.pages import make_country_page, make_practice, make_report, make_standard_page
from tests.factories.site import homes, index_page, publish
from tests.factories.vocabularies import make_concept, make_country, make_organisation

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("site")

TEXT = rich_text("<p>What was done.</p>")
SUMMARY = {"summary": "In short."}
ROW_TEXT = {"text": "The waiting time fell."}


def practice_facts() -> dict[str, Any]:
    texts = dict.fromkeys(("problem", "approach", "novelty", "challenges", "lessons"), TEXT)
    return texts | {
        "levels": make_concept().pk,
        "lead_organisation": make_organisation().pk,
        "results": inline_formset([ROW_TEXT], min=1),
    }


def country_facts() -> dict[str, Any]:
    return {"introduction": TEXT, "country": make_country("MN").pk}


def report_facts() -> dict[str, Any]:
    days = {"period_start": "2021-01-01", "period_end": "2021-12-31"}
    return days | {"author_organisation": make_organisation().pk}


def event_facts() -> dict[str, Any]:
    return {"start": "2030-03-01 10:00", "end": "2030-03-01 12:00"}


def campaign_facts() -> dict[str, Any]:
    return {"opens": "2030-01-01", "closes": "2030-03-31", "terms": TEXT}


# Page type, page type of its parent, what it asks for besides title and summary, how to fill that in.
TYPES: dict[Any, tuple[Any, set[str], Any]] = {
    PracticePage: (
        PracticeIndexPage,
        {"problem", "approach", "novelty", "challenges", "lessons", "levels", "lead_organisation", "results"},
        practice_facts,
    ),
    CountryPage: (CountryIndexPage, {"introduction", "country"}, country_facts),
    CountryReportPage: (CountryPage, {"period_start", "period_end", "author_organisation"}, report_facts),
    NewsPage: (NewsIndexPage, {"date"}, lambda: {"date": "2022-05-04"}),
    EventPage: (EventIndexPage, {"start", "end"}, event_facts),
    CampaignPage: (IdeaIndexPage, {"opens", "closes", "terms"}, campaign_facts),
    StandardPage: (HomePage, set(), dict),
}
INDEXES = [
    *(PracticeIndexPage, CountryIndexPage, ReportIndexPage, IndicatorIndexPage),
    *(NewsIndexPage, EventIndexPage, IdeaIndexPage),
]
MADE_OTHERWISE = {IdeaPage}  # out of an idea that was accepted


def parent_of(model: Any) -> Any:
    parent = TYPES[model][0]
    return make_country_page() if parent is CountryPage else index_page(parent)


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_a_draft_needs_nothing_but_a_title(admin_client: Client, model: Any) -> None:
    url = add_url(parent_of(model), model)

    response = send(admin_client, url, model, {"title": "Begun", "slug": "begun"})

    assert problems(response) == set()
    page = model.objects.get(slug="begun")
    assert not page.live
    assert admin_client.get(edit_url(page)).status_code == 200


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_publication_names_all_that_is_missing(admin_client: Client, model: Any) -> None:
    url = add_url(parent_of(model), model)

    response = send(admin_client, url, model, {"title": "Begun", "slug": "begun"}, "action-publish")

    assert problems(response) == {"summary"} | TYPES[model][1]
    assert not model.objects.filter(slug="begun").exists()


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_a_complete_page_is_published_from_its_draft(admin_client: Client, model: Any) -> None:
    send(admin_client, add_url(parent_of(model), model), model, {"title": "Begun", "slug": "begun"})
    page = model.objects.get(slug="begun")

    refused = send(admin_client, edit_url(page), model, SUMMARY, "action-publish")
    published = send(admin_client, edit_url(page), model, SUMMARY | TYPES[model][2](), "action-publish")

    assert problems(refused) == TYPES[model][1]
    assert problems(published) == set()
    assert model.objects.get(pk=page.pk).live


@pytest.mark.parametrize("model", [*INDEXES, HomePage], ids=lambda model: model.__name__)
def test_index_and_home_pages_are_edited_and_published(admin_client: Client, model: Any) -> None:
    page = index_page(model)

    refused = send(admin_client, edit_url(page), model, {"summary": ""}, "action-publish")
    published = send(admin_client, edit_url(page), model, {"summary": "Other words."}, "action-publish")

    assert problems(refused) == {"summary"}
    assert problems(published) == set()
    assert model.objects.get(pk=page.pk).summary == "Other words."


def test_every_page_type_is_covered_above() -> None:
    types = {model for model in get_page_models() if issubclass(model, BasePage)}

    assert types == {*TYPES, *INDEXES, *MADE_OTHERWISE, HomePage}


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_the_preview_of_an_unfinished_page_shows_it(admin_client: Client, model: Any) -> None:
    parent = parent_of(model)
    url = add_url(parent, model)
    preview = reverse(
        "wagtailadmin_pages:preview_on_add", args=(model._meta.app_label, model._meta.model_name, parent.pk)
    )
    data = rendered_data(admin_client, url, model) | {"title": "Begun", "slug": "begun"}

    assert admin_client.post(preview, data).json() == {"is_valid": True, "is_available": True}
    shown = admin_client.get(preview)

    assert shown.status_code == 200
    assert "Begun" in shown.content.decode()


def test_the_preview_shows_rows_and_facts_that_are_not_saved_yet(admin_client: Client) -> None:
    page = make_practice()
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,))
    changes = {"results-0-text": "Letters became shorter.", "country": make_country("MN").pk}

    admin_client.post(preview, rendered_data(admin_client, edit_url(page), PracticePage) | changes)
    html = admin_client.get(preview).content.decode()

    assert "Letters became shorter." in html
    assert "Mongolia" in html
    assert "The waiting time fell." not in html


def test_scripts_and_styles_of_the_edit_form_are_installed(admin_client: Client) -> None:
    """A block without its script stops the whole form, and shows only in a browser."""
    html = admin_client.get(add_url(index_page(PracticeIndexPage), PracticePage)).content.decode()

    files = set(re.findall(r'(?:src|href)="/static/([^"?]+)', html))

    assert [file for file in files if not finders.find(file)] == []
    assert "table_block/js/table.js" in files


def test_the_checklist_says_what_is_missing_and_goes_when_nothing_is(admin_client: Client) -> None:
    send(admin_client, add_url(index_page(PracticeIndexPage), PracticePage), PracticePage, {"title": "A", "slug": "a"})
    draft = PracticePage.objects.get(slug="a")

    begun = list(admin_client.get(edit_url(draft)).context["form"].missing.values())
    html = admin_client.get(edit_url(make_practice())).content.decode()

    assert begun == [
        "Summary",
        "Problem",
        "Approach",
        "What is new",
        "Challenges and failures",
        "Lessons",
        "Level of government",
        "Lead organisation",
        "Results",
    ]
    assert "Before this page can be published" not in html


def test_a_row_saved_empty_in_a_draft_counts_as_missing(admin_client: Client) -> None:
    rows = {"results": inline_formset([{"text": ""}])}
    url = add_url(index_page(PracticeIndexPage), PracticePage)
    send(admin_client, url, PracticePage, {"title": "A", "slug": "a"} | rows)

    form = admin_client.get(edit_url(PracticePage.objects.get(slug="a"))).context["form"]

    assert "Results" in form.missing.values()


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_a_refused_publication_lists_what_is_missing_and_leads_to_it(admin_client: Client, model: Any) -> None:
    url = add_url(parent_of(model), model)

    html = send(admin_client, url, model, {"title": "Begun", "slug": "begun"}, "action-publish").content.decode()

    panel = html5lib.parse(html.partition('class="checklist"')[2].partition("</ul>")[0], namespaceHTMLElements=False)
    anchors = [link.get("href", "") for link in panel.iter("a")]
    assert len(anchors) == len({"summary"} | TYPES[model][1])
    assert [anchor for anchor in anchors if f'id="{anchor[1:]}"' not in html] == []


def test_a_draft_that_contradicts_itself_is_not_said_to_lack_anything(admin_client: Client) -> None:
    times = {"start": "2030-03-01 10:00", "end": "2030-03-01 09:00"}
    url = add_url(index_page(EventIndexPage), EventPage)

    response = send(admin_client, url, EventPage, {"title": "A", "slug": "a"} | times)

    assert "Before this page can be published" not in response.content.decode()


def test_who_saves_faster_than_the_script_gets_an_address_all_the_same(admin_client: Client) -> None:
    url = add_url(index_page(PracticeIndexPage), PracticePage)

    for _time in range(2):
        assert problems(send(admin_client, url, PracticePage, {"title": "Begun early", "slug": ""})) == set()
    page = PracticePage.objects.get(slug="begun-early")
    emptied = send(admin_client, edit_url(page), PracticePage, {"slug": ""})

    assert PracticePage.objects.filter(slug="begun-early-2").exists()
    assert problems(emptied) == {"slug"}, "an address that exists is not lost by accident"


@pytest.mark.parametrize(
    ("model", "changes", "field"),
    [
        (EventPage, {"mode": EventMode.IN_PERSON}, "place"),
        (NewsPage, {"action_url": "https://example.org/"}, "action_label"),
        (PracticePage, {"has_contact_form": "on"}, "contact_email"),
    ],
    ids=["place", "action_label", "contact_email"],
)
def test_what_another_answer_makes_necessary_waits_for_publication(
    admin_client: Client, model: Any, changes: dict[str, Any], field: str
) -> None:
    url = add_url(parent_of(model), model)
    facts = {"title": "Begun", "slug": "begun"} | changes

    publication = send(admin_client, url, model, facts | SUMMARY | TYPES[model][2](), "action-publish")
    draft = send(admin_client, url, model, facts)

    assert problems(publication) == {field}
    assert problems(draft) == set()
    form = admin_client.get(edit_url(model.objects.get(slug="begun"))).context["form"]
    assert str(form.fields[field].label) in form.missing.values()


def test_a_cover_may_wait_for_its_alternative_text_until_publication(admin_client: Client) -> None:
    page = make_standard_page()
    cover = {"cover_image": make_image().pk, "cover_alt": ""}

    assert problems(send(admin_client, edit_url(page), StandardPage, cover)) == set()
    assert problems(send(admin_client, edit_url(page), StandardPage, cover, "action-publish")) == {"cover_alt"}


def test_a_contradiction_is_refused_even_in_a_draft(admin_client: Client) -> None:
    url = add_url(index_page(EventIndexPage), EventPage)
    times = {"start": "2030-03-01 10:00", "end": "2030-03-01 09:00"}

    response = send(admin_client, url, EventPage, {"title": "A", "slug": "a"} | times)

    assert problems(response) == {"end"}
    assert "The event must end after it begins." in response.content.decode()


def test_a_second_profile_of_a_country_is_refused_even_in_a_draft(admin_client: Client) -> None:
    make_country_page()
    facts = {"title": "Again", "slug": "again", "country": make_country("KZ").pk}

    response = send(admin_client, add_url(index_page(CountryIndexPage), CountryPage), CountryPage, facts)

    assert problems(response) == {"country"}


def test_the_primary_country_is_one_of_the_countries(admin_client: Client) -> None:
    georgia, mongolia = make_country("GE"), make_country("MN")
    page = make_standard_page()

    send(admin_client, edit_url(page), StandardPage, {"country": georgia.pk}, "action-publish")
    twice = {"country": mongolia.pk, "page_countries": inline_formset([{"country": mongolia.pk}])}
    send(admin_client, edit_url(page), StandardPage, twice, "action-publish")

    assert [link.country for link in page.page_countries.all()] == [georgia, mongolia]


def test_the_draft_of_a_live_page_names_the_new_primary_country(admin_client: Client) -> None:
    page = make_standard_page()

    send(admin_client, edit_url(page), StandardPage, {"country": make_country("GE").pk})

    draft = StandardPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [country.code for country in draft.countries] == ["GE"]
    assert not page.page_countries.exists()


def test_a_new_report_is_about_the_country_of_its_profile(admin_client: Client) -> None:
    profile = make_country_page()

    form = admin_client.get(add_url(profile, CountryReportPage)).context["form"]

    assert form.initial["country"] == profile.country_id


def test_a_report_without_a_country_is_not_published(admin_client: Client) -> None:
    report = make_report()

    refused = send(admin_client, edit_url(report), CountryReportPage, {"country": ""}, "action-publish")
    draft = send(admin_client, edit_url(report), CountryReportPage, {"country": ""})

    assert problems(refused) == {"country"}
    assert problems(draft) == set()


def test_comments_of_colleagues_are_kept_with_the_page(admin_client: Client) -> None:
    page = make_standard_page()
    comment = {"text": "Which law?", "contentpath": "summary", "position": "", "resolved": "", "deleted": "", "id": ""}
    replies = {"replies": inline_formset([])}
    comments = {"comments": inline_formset([comment | replies])}

    response = send(admin_client, edit_url(page), StandardPage, comments)

    assert problems(response) == set()
    assert [row.text for row in page.wagtail_admin_comments.all()] == ["Which law?"]


def test_publication_at_a_later_time(admin_client: Client) -> None:
    page = make_standard_page()
    page.unpublish()
    tomorrow = timezone.now() + datetime.timedelta(days=1)

    response = send(
        admin_client, edit_url(page), StandardPage, {"go_live_at": f"{tomorrow:%Y-%m-%d %H:%M}"}, "action-publish"
    )

    assert problems(response) == set()
    page.refresh_from_db()
    assert (page.live, page.approved_schedule) == (False, True)


def test_history_comparison_copy_move_unpublishing_and_deletion(admin_client: Client) -> None:
    page = make_practice(title="One window", slug="one-window")
    other = publish(homes()["en"], StandardPage(title="Archive", slug="archive", summary="Old pages."))
    page.title = "One window for all"
    page.save_revision()
    urls = "wagtailadmin_pages"

    history = admin_client.get(reverse(f"{urls}:history", args=(page.pk,)))
    compared = admin_client.get(reverse(f"{urls}:revisions_compare", args=(page.pk, "live", "latest")))
    copy = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk, "copy_subpages": "on"}
    admin_client.post(reverse(f"{urls}:copy", args=(page.pk,)), copy)
    admin_client.post(reverse(f"{urls}:unpublish", args=(page.pk,)))
    admin_client.post(reverse(f"{urls}:move_confirm", args=(page.pk, other.pk)))
    place = PracticePage.objects.get(pk=page.pk).get_parent()
    admin_client.post(reverse(f"{urls}:delete", args=(page.pk,)))

    assert history.status_code == 200
    assert "for all" in compared.content.decode()
    copied = PracticePage.objects.get(slug="copy")
    assert [row.text for row in copied.results.all()] == ["The waiting time fell."]
    assert isinstance(place.specific, PracticeIndexPage), "a practice belongs below the catalogue"
    assert not Page.objects.filter(pk=page.pk).exists()


def test_a_standard_page_moves_below_another(admin_client: Client) -> None:
    page, parent = make_standard_page(title="Terms", slug="terms"), make_standard_page(title="Legal", slug="legal")

    admin_client.post(reverse("wagtailadmin_pages:move_confirm", args=(page.pk, parent.pk)))

    page.refresh_from_db()
    assert page.get_parent().pk == parent.pk


def test_bulk_publication_refuses_what_the_edit_form_refuses(admin_client: Client) -> None:
    catalogue = index_page(PracticeIndexPage)
    send(admin_client, add_url(catalogue, PracticePage), PracticePage, {"title": "Begun", "slug": "begun"})
    begun, finished = PracticePage.objects.get(slug="begun"), make_practice(title="Finished", slug="finished")
    finished.unpublish()
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))

    refused: Any = admin_client.post(f"{url}?id={begun.pk}&id={finished.pk}&next=/admin/", {"include_descendants": ""})
    messages = " ".join(str(row) for row in get_messages(refused.wsgi_request))
    states = dict(PracticePage.objects.values_list("slug", "live"))
    admin_client.post(f"{url}?id={finished.pk}&next=/admin/", {})

    assert refused.status_code == 302
    assert "“Begun” was not published. It needs: Summary, Problem" in messages
    assert states == {"begun": False, "finished": False}
    assert PracticePage.objects.get(slug="finished").live


def test_bulk_publication_looks_at_the_pages_below(admin_client: Client) -> None:
    profile = make_country_page()
    url = add_url(profile, CountryReportPage)
    send(admin_client, url, CountryReportPage, {"title": "Begun", "slug": "begun"})
    publish_all = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))

    admin_client.post(f"{publish_all}?id={profile.pk}&next=/admin/", {"include_descendants": "on"})

    assert not CountryReportPage.objects.get(slug="begun").live
