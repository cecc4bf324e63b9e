"""Whatever a page shows is changed: readers in every process see it at once, whatever was kept before.

What readers see is compared with a page that is made anew, before the change is settled and after it.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.core.models import PageRelation
from cms.delivery.choices import Scope
from cms.delivery.marks import mark, page_keys
from cms.delivery.models import Ledger, Mark
from cms.delivery.services import begin, settle
from home.models import Door
from news.choices import EventStatus, NewsKind
from news.models import EventSpeaker, NewsIndexPage
from practices.models import PracticeLink
from reports.choices import Frequency
from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.services import Wish, import_statistics
from reports.models import Indicator, IndicatorLabel, MeasureText, Recommendation
from taxonomy.choices import MembershipRole
from taxonomy.models import Membership, OrganisationLabel, ThemeLabel
from tests.delivery.readers import Readers, asked
from tests.factories.examples import FULL
from tests.factories.ideas import make_campaign, make_published_idea
from tests.factories.media import make_image
from tests.factories.pages import make_adaptation, make_event, make_news, make_practice
from tests.factories.site import homes, index_page, published
from tests.factories.statistics import make_indicator, make_measure
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

NOON = datetime.datetime(2031, 5, 5, 12, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MOMENT = datetime.timedelta.resolution
POPULATION = "WB.SP.POP.TOTL"


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    found: dict[str, Any] = made_once(make_content)
    return found


def make_content() -> dict[str, Any]:
    found = {name: make() for name, make in FULL.items()}
    found["adaptation"] = make_adaptation(found["practice"], make_country("UZ"))
    found["translation"] = translated(found["practice"])
    found["other"] = make_practice(title="Another", slug="another")
    found["idea"] = make_published_idea().pages.get()
    found["campaign"] = make_campaign()
    make_indicator(POPULATION, frequency=Frequency.ANNUAL)
    begin()
    settle()
    return {name: (type(page), page.pk) for name, page in found.items()}


class Content:
    """The content as it is now, by name."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content, self.names = content, list(content)

    def __getattr__(self, name: str) -> Any:
        model, pk = self.content[name]
        return model.objects.get(pk=pk)


@pytest.fixture
def at(content: dict[str, Any]) -> Content:
    return Content(content)


@pytest.fixture
def readers() -> Readers:
    return Readers()


def edit(page: Any, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(page, name, value)
    published(page)


def save(row: Any, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()


def hide(page: Any, kind: str) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")  # noqa: S106 - of a test


def second_edition(at: Content) -> None:
    page = at.practice
    page.page_relations = [PageRelation(related=at.event)]
    page.links = [PracticeLink(url="https://new.example.org/", title="Heronlink")]
    published(page)


def speak(at: Content) -> None:
    """A part of a page is written by itself."""
    EventSpeaker.objects.create(event=at.event, name="Heronspeaker", locale=at.event.locale, sort_order=9)


def rename_list(_at: Content) -> None:
    page: Any = index_page(NewsIndexPage)
    edit(page, title="Heron", show_in_menus=True)


def recommend(at: Content) -> None:
    row: Any = Recommendation.objects.filter(report=at.report).first()
    save(row, text="Heron")


def replace_picture(at: Content) -> None:
    """As the media library does it."""
    image = at.practice.cover_image
    with make_image().file.open() as file:
        save(image, file=ContentFile(file.read(), "heron.png"))
    image.renditions.all().delete()


def replace_file(at: Content) -> None:
    save(at.practice.files.first().document, file_size=7_654_321)


def label(model: Any, code: str) -> Any:
    return model.objects.filter(owner__code=code).order_by("pk").first()


def retitle_measure() -> None:
    text: Any = MeasureText.objects.order_by("pk").first()
    save(text, title="Heron")


def join(_at: Content) -> None:
    Membership.objects.create(
        country=make_country("GE"), role=MembershipRole.PARTICIPANT, since=datetime.date(2016, 1, 1)
    )


PRACTICE, HOME, PRACTICES = "{practice}", "/en/", "/en/practices/"
NEWS, IDEAS, COUNTRY = "/en/news/", "/en/ideas/", "{country}"
INDICATOR, MEASURES = "/en/indicators/OXCGRT.STRINGENCY/", "{country}measures/"

# What is changed, and where readers see it.
CHANGES: dict[str, tuple[Callable[[Content], Any], list[str]]] = {
    "the title of a page": (lambda at: edit(at.practice, title="Heron"), [PRACTICE, HOME, PRACTICES]),
    "parts of a page": (second_edition, [PRACTICE]),
    "a speaker": (speak, ["{event}"]),
    "a recommendation": (recommend, ["{report}"]),
    "an address": (lambda at: edit(at.practice, slug="heron"), [PRACTICE, HOME, PRACTICES, "{translation}"]),
    "moving": (lambda at: at.standard.move(Page.objects.get(pk=at.home.pk), pos="first-child"), []),
    "unpublishing": (lambda at: at.practice.unpublish(), [PRACTICE, HOME, PRACTICES, "{translation}"]),
    "deleting": (lambda at: at.news.delete(), ["{news}", NEWS]),
    "a sign-in": (lambda at: hide(at.practice, "login"), [PRACTICE, HOME, PRACTICES]),
    "a password": (lambda at: hide(at.practice, "password"), [PRACTICE, HOME, PRACTICES]),
    "a list behind a password": (lambda at: hide(at.practice.get_parent(), "password"), [PRACTICE, HOME, PRACTICES]),
    "a home page that goes": (lambda _at: homes()["ru"].unpublish(), ["/ru/", "{translation}", PRACTICE, HOME]),
    "the menu": (rename_list, [PRACTICE, HOME, INDICATOR]),
    "the footer": (lambda at: edit(at.standard, title="Heron"), [PRACTICE, HOME, INDICATOR, "/ru/"]),
    "a door": (lambda at: save(Door.objects.get(page=at.home), title="Heron"), [HOME]),
    "the label of a theme": (lambda _at: save(label(ThemeLabel, "budget"), label="Heron"), [PRACTICE, PRACTICES]),
    "the label of an organisation": (lambda _at: save(label(OrganisationLabel, "oxford"), label="Heron"), [INDICATOR]),
    "the label of a country": (lambda _at: make_country("KZ", labels={"en": "Heron"}), [PRACTICE, HOME, INDICATOR]),
    "the texts of an indicator": (
        lambda _at: save(label(IndicatorLabel, "OXCGRT.STRINGENCY"), definition="Heron"),
        [INDICATOR],
    ),
    "an adaptation": (lambda at: make_adaptation(at.practice, changed={"en": "Heron"}), [PRACTICE]),
    "an adaptation that goes": (lambda at: at.adaptation.delete(), [PRACTICE]),
    "an adaptation of another page": (lambda at: save(at.adaptation, practice=at.other), [PRACTICE, "{other}"]),
    "a measure": (lambda _at: make_measure(make_country("KZ"), titles={"en": "Heron"}), [MEASURES, COUNTRY]),
    "a measure that a report shows": (lambda _at: retitle_measure(), ["{report}"]),
    "a membership": (join, [INDICATOR]),
    "a picture": (replace_picture, [PRACTICE, HOME]),
    "a picture that is drawn anew": (lambda at: at.practice.cover_image.renditions.all().delete(), []),
    "a picture that goes": (lambda at: at.practice.cover_image.delete(), [PRACTICE, HOME]),
    "a file": (replace_file, [PRACTICE]),
    "an outdated translation": (lambda at: edit(at.practice, summary="Another summary."), ["{translation}", PRACTICE]),
    "a translation": (lambda at: translated(at.event), ["{event}"]),
    "an idea": (lambda _at: make_published_idea(title="Heron"), [IDEAS]),
    "an idea that is withdrawn": (lambda at: at.idea.unpublish(), [IDEAS, "{idea}"]),
    "a call for ideas": (lambda at: edit(at.campaign, title="Heron"), [IDEAS, "{campaign}"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_is_seen_at_once(at: Content, readers: Readers, change: str) -> None:
    do, shown = CHANGES[change]
    places = {name: getattr(at, name).url for name in at.names if name != "adaptation"}
    addresses = [address.format(**places) for address in shown or [PRACTICE, HOME]]
    readers.keep(addresses)
    before = {address: readers.see(address) for address in addresses}
    do(at)
    for _before_and_after in range(2):
        after = {address: readers.see(address) for address in addresses}
        assert not shown or {address for address in addresses if after[address] == before[address]} == set()
        settle()
    assert not Mark.objects.fresh().exists()


def test_what_is_marked_ends_what_is_kept_though_the_json_is_as_it_was(at: Content, readers: Readers) -> None:
    """Pages may show more of it than the API tells."""
    address, version = at.practice.url, Ledger.objects.get().version
    readers.keep([address])
    mark(Scope.OBJECT, *page_keys([at.practice.pk]))
    settle()
    assert Ledger.objects.get().version == version
    assert min(asked(client, address)[1] for client in readers.processes) > 1
    readers.keep([address])


def test_figures_that_are_imported_are_there(at: Content, readers: Readers, tmp_path: Path) -> None:
    indicator = Indicator.objects.get(code=POPULATION)
    address = f"/en/indicators/{indicator.code}/"
    path = tmp_path / "population.csv"
    seen = [readers.see(address)]
    for value in (19, 20):
        readers.keep([address, "/en/indicators/"])
        path.write_text(f"Country Name,Country Code,Year,Value\nKazakhstan,KAZ,2021,{value}\n")
        import_statistics(PROFILES["worldbank"], [TextFile.at(path)], Options(POPULATION), Wish())
        seen.append(readers.see(address))
        readers.see("/en/indicators/")
        settle()
        assert readers.see(address) == seen[-1]
    assert len(set(seen)) == 3


def test_what_is_saved_as_a_draft_is_seen_by_nobody_and_ends_nothing_else(at: Content, readers: Readers) -> None:
    page, address = at.practice, at.practice.url
    readers.keep([address])
    page.title = "Heron"
    page.save_revision()
    assert not Mark.objects.exists()
    readers.keep([address])
    assert "Heron" not in readers.see(address)
    page.get_latest_revision().publish()
    assert "Heron" in readers.see(address)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime.datetime], None]:
    def turn_to(moment: datetime.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    turn_to(NOON)
    return turn_to


def steps_of_events() -> Iterator[tuple[str, datetime.datetime]]:
    """What each step of an event looks like, and its first moment."""
    yield "registration opens", NOON + HOUR
    yield "registration closes", NOON + 2 * HOUR + MOMENT
    yield "it begins", NOON + 3 * HOUR
    yield "it is over", NOON + 4 * HOUR + MOMENT


def test_an_event_goes_through_its_steps_though_nobody_touches_it(
    readers: Readers, clock: Callable[[datetime.datetime], None]
) -> None:
    event = make_event(
        slug="steps",
        status=EventStatus.OPEN,
        registration_url="https://register.example.org/",
        join_url="https://join.example.org/",
        registration_opens=NOON + HOUR,
        registration_closes=NOON + 2 * HOUR,
        start=NOON + 3 * HOUR,
        end=NOON + 4 * HOUR,
    )
    settle()
    seen = [readers.see(event.url)]
    lists = [HOME, "/en/events/"]
    for step, moment in steps_of_events():
        clock(moment - MOMENT)
        assert readers.see(event.url) == seen[-1], step
        readers.keep([event.url, *lists])
        clock(moment)
        seen.append(readers.see(event.url))
        for address in lists:
            readers.see(address)
        readers.keep([event.url, *lists])
    assert len({text.partition("<main")[2] for text in seen}) == 5
    assert "Past events" in readers.see("/en/events/")


def test_what_is_valid_until_a_day_ends_with_it(readers: Readers, clock: Callable[[datetime.datetime], None]) -> None:
    news = make_news(
        slug="call",
        kind=NewsKind.ANNOUNCEMENT,
        valid_until=NOON.date(),
        action_url="https://a.example.org/",
        action_label="Apply",
    )
    call = make_campaign((-3, 0), slug="call-of-the-day")
    settle()
    addresses = [news.url, call.url, "/en/news/", "/en/ideas/", INDICATOR]
    midnight = datetime.datetime.combine(NOON.date() + DAY, datetime.time(), datetime.UTC)
    clock(midnight - MOMENT)
    readers.keep(addresses)
    before = {address: readers.see(address) for address in addresses}
    clock(midnight)
    after = {address: readers.see(address) for address in addresses}
    assert "no longer be possible" in after[news.url]
    assert {address for address in addresses[:4] if before[address] == after[address]} == set()


def test_a_clock_that_is_set_back_shows_what_was(readers: Readers, clock: Callable[[datetime.datetime], None]) -> None:
    event = make_event(slug="steps", start=NOON - 2 * HOUR, end=NOON - HOUR)
    settle()
    readers.keep([event.url])
    clock(NOON - 3 * HOUR)
    readers.see(event.url)
