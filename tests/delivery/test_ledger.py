"""The writer of the ledger: what is entered when something changes, and what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from cms.core.models import PageOrganisation
from cms.delivery.choices import Scope
from cms.delivery.marks import mark
from cms.delivery.models import Entry, Ledger, Mark, Published
from cms.delivery.services import settle, settle_soon, step
from cms.delivery.signal_handlers import mark_everything
from cms.delivery.verification import differences
from news.models import NewsIndexPage, NewsPage
from practices.models import PracticeIndexPage
from reports.models import CountryIndexPage
from tests.factories.media import make_image
from tests.factories.pages import make_adaptation, make_news, make_practice, make_standard_page
from tests.factories.site import homes, index_page, published, translate
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable


def payload(page: Any) -> Any:
    row = Published.objects.get(kind="pages", object_id=page.pk)
    return json.loads(row.whole) if row.is_public else None


def entered(since: int) -> list[tuple[int, str]]:
    """What happened to pages; `tests/delivery/test_other_kinds.py` is about the others."""
    rows = Entry.objects.filter(version__gt=since, kind="pages")
    return list(rows.values_list("object_id", "operation"))


def version() -> int:
    return Ledger.objects.get().version


def test_a_draft_is_nobodys_business(ledger: Callable[[], None]) -> None:
    page = make_news(title="Public")
    ledger()
    before = version()
    page.title = "Secret draft"
    page.save_revision()
    section = index_page(NewsIndexPage)
    section.add_child(instance=NewsPage(title="New draft", summary="x", live=False, locale=section.locale))
    ledger()
    assert entered(before) == []
    assert "draft" not in "".join(Published.objects.values_list("payload", flat=True))


def test_what_is_saved_without_a_change_gets_no_entry(ledger: Callable[[], None]) -> None:
    page = make_news()
    ledger()
    before = version()
    NewsPage.objects.get(pk=page.pk).save()
    mark(Scope.ALL, "")
    ledger()
    assert entered(before) == []


def test_a_label_reaches_the_pages_that_show_it(ledger: Callable[[], None]) -> None:
    theme, level, other = make_theme(), make_concept(), make_theme("budget")
    practice = make_practice(themes=[theme], levels=[level])
    news, untouched = make_news(themes=[theme]), make_news(title="Other", themes=[other])
    ledger()
    before = version()
    row = theme.labels.get(language="en")
    row.label = "Digital government"
    row.save()
    ledger()
    assert {pk for pk, _operation in entered(before)} == {practice.pk, news.pk}
    assert payload(news)["themes"][0]["label"] == "Digital government"
    row = level.labels.get(language="en")
    row.label = "Whole country"
    row.save()
    ledger()
    assert payload(practice)["levels"][0]["label"] == "Whole country"
    assert untouched.pk not in {pk for pk, _operation in entered(before)}


def test_a_label_reaches_pages_by_rows_and_by_records_of_others(ledger: Callable[[], None]) -> None:
    agency = make_organisation("agency", labels={"en": "Agency"})
    practice = make_practice(organisations=[(agency, "funder")])
    make_adaptation(practice, make_country("UZ"))
    ledger()
    assert payload(practice)["adaptations"][0]["country"]["label"] == "Uzbekistan"
    row = agency.labels.get(language="en")
    row.label = "New agency"
    row.save()
    make_country("UZ", labels={"en": "Republic of Uzbekistan"})
    ledger()
    found = payload(practice)
    assert found["organisations"][0]["name"] == "New agency"
    assert found["adaptations"][0]["country"]["label"] == "Republic of Uzbekistan"


def test_an_adaptation_reaches_all_versions_of_its_practice(ledger: Callable[[], None]) -> None:
    practice = make_practice()
    russian = translate(practice, "ru")
    ledger()
    adaptation = make_adaptation(practice, make_country("UZ"))
    ledger()
    assert [len(payload(page)["adaptations"]) for page in (practice, russian)] == [1, 1]
    text = adaptation.texts.get()
    text.changed = "Everything is new."
    text.save()
    ledger()
    assert payload(practice)["adaptations"][0]["changed"] == "Everything is new."
    adaptation.delete()
    ledger()
    assert payload(russian)["adaptations"] == []


def test_an_adaptation_that_is_moved_leaves_the_practice_that_it_was_of(ledger: Callable[[], None]) -> None:
    before, after = make_practice(), make_practice()
    adaptation = make_adaptation(before, make_country("UZ"))
    ledger()
    adaptation.practice = after
    adaptation.save()
    ledger()
    assert [len(payload(page)["adaptations"]) for page in (before, after)] == [0, 1]


def test_an_image_reaches_the_pages_that_show_it_also_when_it_goes(ledger: Callable[[], None]) -> None:
    image = make_image()
    covered = make_news(cover_image=image, cover_alt="A room")
    shown = make_standard_page(
        body=[{"type": "figure", "value": {"image": image.pk, "alternative_text": "A room"}, "id": "one"}]
    )
    ledger()
    image.title = "Renamed"
    image.save()
    ledger()
    assert payload(covered)["cover_image"]["title"] == "Renamed"
    assert payload(shown)["body"][0]["value"]["image"]["title"] == "Renamed"
    image.delete()
    ledger()
    assert payload(covered)["cover_image"] is None
    assert differences() == []


def test_a_renamed_section_moves_everything_below_and_whoever_links_there(ledger: Callable[[], None]) -> None:
    practice = make_practice(slug="window")
    linking = make_standard_page(
        body=[{"type": "text", "value": f'<p><a linktype="page" id="{practice.pk}">It</a></p>', "id": "one"}]
    )
    ledger()
    section = index_page(PracticeIndexPage)
    section.slug = "works"
    published(section)
    ledger()
    assert payload(practice)["meta"]["html_url"].endswith("/en/works/window/")
    assert "/en/works/window/" in payload(linking)["body"][0]["value"]
    assert differences() == []


def test_a_moved_subtree_is_entered_as_a_whole(ledger: Callable[[], None]) -> None:
    above, place = make_standard_page(title="Above"), make_standard_page(title="Place")
    below = make_standard_page(above, title="Below")
    ledger()
    Page.objects.get(pk=above.pk).move(Page.objects.get(pk=place.pk), pos="last-child")
    ledger()
    assert payload(below)["meta"]["html_url"].endswith("/en/place/above/below/")
    assert payload(above)["meta"]["parent"]["title"] == "Place"


def test_a_restricted_section_is_withdrawn_before_anything_else(ledger: Callable[[], None]) -> None:
    section = index_page(NewsIndexPage)
    pages = [make_news(title=f"News {number}") for number in range(3)]
    other = make_standard_page(related=[pages[0]])
    ledger()
    assert payload(other)["related_pages"]
    before = version()
    for page in pages:
        page.save()  # these wait in front of it
    restriction = PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.LOGIN)
    step()
    hidden = {section.pk, *(page.pk for page in pages)}
    assert {pk for pk, operation in entered(before) if operation == "withdrawn"} == hidden
    ledger()
    assert payload(other)["related_pages"] == []
    restriction.delete()
    ledger()
    assert payload(other)["related_pages"][0]["title"] == "News 0"
    assert differences() == []


def test_a_language_comes_and_goes_with_its_home_page(ledger: Callable[[], None]) -> None:
    english = make_news()
    russian = translate(english, "ru")
    ledger()
    homes()["ru"].unpublish()
    ledger()
    assert not Published.objects.filter(locale="ru", is_public=True).exists()
    assert [one["locale"] for one in payload(english)["meta"]["translations"]] == ["en"]
    published(homes()["ru"])
    ledger()
    assert payload(russian) is not None
    assert differences() == []


def test_a_deleted_page_leaves_its_ids(ledger: Callable[[], None]) -> None:
    page = make_news()
    key, pk = page.translation_key, page.pk
    ledger()
    page.delete()
    ledger()
    row = Published.objects.get(kind="pages", object_id=pk)
    assert (row.is_public, row.uid, row.type, row.payload, row.parent) == (False, key, "news.NewsPage", "", "")


def test_what_is_rolled_back_leaves_no_mark_and_what_follows_does(ledger: Callable[[], None]) -> None:
    page = make_news()
    ledger()
    with transaction.atomic():
        page.save()
        transaction.set_rollback(True)
    assert not Mark.objects.exists()
    page.save()
    assert Mark.objects.count() == 1
    page.save()
    assert Mark.objects.count() == 1


def test_a_part_of_a_page_that_is_saved_alone_is_a_change_of_the_page(ledger: Callable[[], None]) -> None:
    page = make_news()
    ledger()
    PageOrganisation.objects.create(page=page, organisation=make_organisation("agency"), role="partner")
    ledger()
    assert payload(page)["organisations"][0]["code"] == "agency"


def test_a_large_change_is_settled_step_by_step(ledger: Callable[[], None]) -> None:
    theme = make_theme()
    for number in range(30):
        make_news(title=f"News {number}", themes=[theme])
    ledger()
    row = theme.labels.get(language="en")
    row.label = "Renamed"
    row.save()
    assert settle(steps=2) is False
    assert Mark.objects.exists()
    assert settle() is True
    assert differences() == []


def test_marking_costs_little_and_settling_does_not_grow_with_the_site(ledger: Callable[[], None]) -> None:
    page = make_news()
    ledger()
    with CaptureQueriesContext(connection) as captured:
        page.title = "Renamed"
        published(page)
    marking = [query["sql"] for query in captured.captured_queries if "delivery_mark" in query["sql"]]
    assert len(marking) <= 2
    costs = []
    for number in (1, 10):
        for _one in range(number):
            make_standard_page()
        ledger()
        page.save()
        with CaptureQueriesContext(connection) as captured:
            ledger()
        costs.append(len(captured))
    assert costs[1] <= costs[0] <= 60


def test_the_command_compares_and_writes_anew(ledger: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    page, gone = make_news(title="Right"), make_news(title="Gone")
    ledger()
    call_command("ledger", "verify")
    assert "The ledger is what is public." in capsys.readouterr().out
    Published.objects.filter(kind="pages", object_id=gone.pk).delete()
    NewsPage.objects.filter(pk=page.pk).update(title="Changed past Django")
    Page.objects.filter(pk=index_page(CountryIndexPage).pk).update(live=False)
    with pytest.raises(CommandError, match="differences"):
        call_command("ledger", "verify")
    said = capsys.readouterr().out
    assert f"pages {page.pk}: differs in meta.translations, title" in said
    assert f"pages {gone.pk}: is public and missing" in said
    assert f"pages {index_page(CountryIndexPage).pk}: is not public and was not withdrawn" in said
    call_command("ledger", "rebuild")
    call_command("ledger", "verify")
    assert "public objects, version" in capsys.readouterr().out


def test_a_rebuilt_ledger_keeps_the_versions_of_what_has_not_changed(ledger: Callable[[], None]) -> None:
    before = dict(Published.objects.values_list("object_id", "version"))
    call_command("ledger", "rebuild")
    assert dict(Published.objects.values_list("object_id", "version")) == before


def test_an_upgrade_has_everything_looked_at_again(ledger: Callable[[], None]) -> None:
    page = make_news(title="Right")
    ledger()
    NewsPage.objects.filter(pk=page.pk).update(title="Represented otherwise")
    for _migration in range(2):
        mark_everything()
    assert list(Mark.objects.values_list("scope", flat=True)) == [Scope.ALL]
    ledger()
    assert payload(page)["title"] == "Represented otherwise"
    Ledger.objects.all().delete()
    mark_everything()
    assert not Mark.objects.exists()


def test_nothing_is_settled_before_the_ledger_has_begun(ledger: Callable[[], None]) -> None:
    Ledger.objects.all().delete()
    before = Entry.objects.count()
    make_news()
    settle_soon()
    settle()
    assert Entry.objects.count() == before
    assert Mark.objects.exists()
