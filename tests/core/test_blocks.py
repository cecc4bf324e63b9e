"""Every block of a page body: its JSON form, its plain text, its HTML, its segments of translation and their return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import PageViewRestriction
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.segments.ingest import ingest_segments
from wagtail_localize.segments.types import StringSegmentValue
from wagtail_localize.strings import StringValue

from cms.core.blocks import BodyBlock, TableBlock
from cms.core.serialisers import document_json, image_json, page_json
from home.models import StandardPage
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_news, make_standard_page
from tests.factories.site import locale, published, translate
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


@dataclass
class Sample:
    """A block as it is stored, and what must become of it."""

    kind: str
    stored: Any
    json: Any
    texts: list[str]
    shown: list[str] = field(default_factory=list)

    @property
    def visible(self) -> list[str]:
        return self.shown or self.texts


def heading() -> Sample:
    return Sample("heading", "Results & costs", "Results & costs", ["Results & costs"], ["Results &amp; costs"])


def text() -> Sample:
    page = make_news(title="Linked")
    stored = f'<p>Read <a id="{page.pk}" linktype="page">the news</a>.</p><p>Then act.</p>'
    resolved = f'<p>Read <a href="{page.url}">the news</a>.</p><p>Then act.</p>'
    return Sample("text", stored, resolved, ["Read <a>the news</a>.", "Then act."], [f'href="{page.url}"', "Then act."])


def quote() -> Sample:
    value = {"text": "It saved us a day.", "attribution": "A registrar"}
    return Sample("quote", value, value, ["It saved us a day.", "A registrar"])


def figure() -> Sample:
    image = make_image(credit="Press office")
    words = {"alternative_text": "Three desks", "caption": "The new office", "credit": "Photo service"}
    return Sample("figure", {"image": image.pk} | words, {"image": image_json(image)} | words, list(words.values()))


def file() -> Sample:
    document = make_document()
    value = {"document": document.pk, "title": "The handbook"}
    return Sample("file", value, value | {"document": document_json(document)}, ["The handbook"])


def table() -> Sample:
    value = {
        "data": [["Year", "Days"], ["2020", "14"], ["2021", None]],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_header_choice": "row",
        "table_caption": "Days to a decision",
    }
    return Sample("table", value, value, ["Year", "Days", "2020", "14", "2021", "Days to a decision"])


def callout() -> Sample:
    value = {"title": "Note", "text": "<p>Figures are <b>provisional</b>.</p>"}
    return Sample("callout", value, value, ["Note", "Figures are <b>provisional</b>."])


def video() -> Sample:
    film = make_document("Film", b"PK\x05\x06" + bytes(18), "film.zip")
    captions = make_document("Captions", b"WEBVTT\n", "film.vtt")
    value = {
        "video": film.pk,
        "url": "https://video.example.org/1",
        "title": "How it works",
        "captions": captions.pk,
        "transcript": "<p>Good morning.</p>",
    }
    files = {"video": document_json(film), "captions": document_json(captions)}
    return Sample("video", value, value | files, ["How it works", "Good morning."])


def key_figures() -> Sample:
    figures = [
        {"value": "14 days", "label": "Waiting time before", "source": "Register of cases"},
        {"value": "3 days", "label": "Waiting time after", "source": "illustrative"},
    ]
    items = [{"type": "item", "value": figure, "id": f"item-{index}"} for index, figure in enumerate(figures)]
    words = [word for figure in figures for word in figure.values()]
    return Sample("key_figures", {"figures": items}, {"figures": figures}, words)


def indicator_chart() -> Sample:
    indicator, country = make_indicator("WB.POP", labels={"en": "Population"}), make_country("KZ")
    observe(indicator, country, {"2020-01-01": 18, "2021-01-01": 19})
    fixed = {"start": "2020-01-01", "end": None, "chart_type": "line", "note": "Mid-year"}
    stored = {
        "indicators": [{"type": "item", "value": indicator.pk, "id": "i"}],
        "countries": [{"type": "item", "value": country.pk, "id": "c"}],
    }
    json = {
        "indicators": [{"code": "WB.POP", "label": "Population"}],
        "countries": [{"code": "KZ", "label": "Kazakhstan"}],
        "data": ["http://testserver/en/data/WB.POP.csv?country=KZ&from=2020-01-01"],
        "pictures": ["http://testserver/en/data/WB.POP/chart.svg?country=KZ&from=2020-01-01&chart=line"],
    }
    return Sample("indicator_chart", stored | fixed, json | fixed, ["Mid-year"], ["Population", "Mid-year"])


def measure_timeline() -> Sample:
    country = make_country("KZ")
    period = {"start": "2020-03-01", "end": "2020-12-31"}
    json = {"country": {"code": "KZ", "label": "Kazakhstan"}} | period
    return Sample("measure_timeline", {"country": country.pk} | period, json, [], ["Kazakhstan"])


def related_pages() -> Sample:
    page = make_news(title="Pilot ended")
    stored = {"title": "See also", "pages": [{"type": "item", "value": page.pk, "id": "p"}]}
    return Sample(
        "related_pages",
        stored,
        {"title": "See also", "pages": [page_json(page)]},
        ["See also"],
        ["See also", "Pilot ended", page.url],
    )


def call_to_action() -> Sample:
    page = make_news(title="Registration")
    words = {"text": "Do you want to join?", "button": "Register"}
    return Sample(
        "call_to_action",
        words | {"page": page.pk, "url": ""},
        words | {"page": page_json(page), "url": ""},
        list(words.values()),
        [*words.values(), page.url],
    )


SAMPLES = [
    heading, text, quote, figure, file, table, callout, video, key_figures, indicator_chart, measure_timeline,
    related_pages, call_to_action,
]  # fmt: skip
each_block = pytest.mark.parametrize("sample_of", SAMPLES, ids=lambda make: make.__name__)


def page_with(sample: Sample) -> StandardPage:
    return make_standard_page(body=[{"type": sample.kind, "value": sample.stored, "id": "block"}])


def plain(value: Any) -> Any:
    """Dates as their ISO form, so that JSON is compared as partners see it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_no_block_of_the_body_is_left_out_here() -> None:
    assert {make.__name__ for make in SAMPLES} == set(BodyBlock().child_blocks)


@each_block
def test_a_block_has_its_json_form(client: Client, site: Site, sample_of: Any) -> None:
    sample = sample_of()
    page = page_with(sample)
    body = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    assert body == [{"type": sample.kind, "value": plain(sample.json), "id": "block"}]


@each_block
def test_search_finds_the_words_of_a_block(site: Site, sample_of: Any) -> None:
    sample = sample_of()
    body = page_with(sample).body
    found = " ".join(body.stream_block.get_searchable_content(body))
    for words in sample.texts:
        assert StringValue(words).render_text() in found


@each_block
def test_a_block_is_shown(client: Client, site: Site, sample_of: Any) -> None:
    sample = sample_of()
    html = client.get(page_with(sample).url).content.decode()
    for words in sample.visible:
        assert words in html


@each_block
def test_the_words_of_a_block_can_be_translated_and_nothing_else_changes(site: Site, sample_of: Any) -> None:
    sample = sample_of()
    page = page_with(sample)
    segments = [segment for segment in extract_segments(page) if segment.path.startswith("body.")]
    strings = [segment for segment in segments if isinstance(segment, StringSegmentValue)]
    assert sorted(segment.string.render_text() for segment in strings) == sorted(
        StringValue(words).render_text() for words in sample.texts
    )

    target = StandardPage.objects.get(pk=page.pk)
    ingest_segments(page, target, locale("en"), locale("ru"), [translated(segment) for segment in segments])
    assert without_brackets(plain(target.body.get_prep_value())) == plain(page_with(sample).body.get_prep_value())
    words = [segment.string.render_text() for segment in extract_segments(target) if is_body_text(segment)]
    assert all(word.startswith("[") for word in words)
    assert len(words) == len(strings)


def is_body_text(segment: Any) -> bool:
    return isinstance(segment, StringSegmentValue) and segment.path.startswith("body.")


def translated(segment: Any) -> Any:
    """A segment as a translator returns it: the words in square brackets."""
    if not isinstance(segment, StringSegmentValue):
        return segment
    clone = segment.clone()
    clone.string = StringValue(f"[{segment.string.data}]")
    return clone


def without_brackets(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("[", "").replace("]", "")
    if isinstance(value, dict):
        return {key: without_brackets(one) for key, one in value.items()}
    return [without_brackets(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("value", [None, {}, {"data": []}])
def test_an_empty_table_has_nothing_to_translate(value: dict[str, Any] | None) -> None:
    assert TableBlock().get_translatable_segments(value or {}) == []


def test_two_cells_with_the_same_words_are_two_segments() -> None:
    segments = TableBlock().get_translatable_segments({"data": [["Yes", "Yes"], ["", "No"]]})
    assert [(segment.path, segment.string.data) for segment in segments] == [
        ("0-0", "Yes"),
        ("0-1", "Yes"),
        ("1-1", "No"),
    ]


@pytest.mark.parametrize("state", ["draft", "private"])
def test_a_block_does_not_give_away_pages_that_readers_may_not_see(client: Client, site: Site, state: str) -> None:
    target = make_news(title="Not public")
    page = make_standard_page(
        body=[
            {"type": "related_pages", "value": {"title": "", "pages": [target.pk]}},
            {"type": "call_to_action", "value": {"text": "Join", "button": "Go", "page": target.pk, "url": ""}},
        ]
    )
    if state == "draft":
        target.unpublish()
    else:
        PageViewRestriction.objects.create(page=target, restriction_type=PageViewRestriction.LOGIN)
    for path in (page.url, f"/api/v2/pages/{page.pk}/"):
        answer = client.get(path).content.decode()
        assert "Not public" not in answer
        assert target.slug not in answer


def test_a_block_whose_row_was_deleted_is_still_shown(client: Client, site: Site) -> None:
    image, document, country, news = make_image(), make_document(), make_country("GE"), make_news()
    chart = {"indicators": [make_indicator().pk], "countries": [country.pk], "chart_type": "line", "note": ""}
    video = {"video": document.pk, "captions": document.pk, "title": "Lost film", "url": "", "transcript": ""}
    page = make_standard_page(
        body=[
            {"type": "indicator_chart", "value": chart},
            {"type": "measure_timeline", "value": {"country": country.pk}},
            {"type": "video", "value": video},
            {"type": "related_pages", "value": {"title": "", "pages": [news.pk]}},
            {
                "type": "figure",
                "value": {"image": image.pk, "alternative_text": "Desk", "caption": "Gone", "credit": ""},
            },
            {"type": "file", "value": {"document": document.pk, "title": "Lost file"}},
        ]
    )
    for row in (image, document, country, news):
        row.delete()
    assert client.get(page.url).status_code == 200
    chart, timeline, video, related, figure, file = (
        block["value"] for block in client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    )
    assert (chart["countries"], related["pages"]) == ([None], [None])
    assert (timeline["country"], video["video"], figure["image"], file["document"]) == (None, None, None, None)


@pytest.mark.parametrize("gap", [{}, {"caption": None, "credit": None}])
def test_a_page_is_published_and_translated_whose_blocks_lack_a_text(client: Client, site: Site, gap: Any) -> None:
    """As they do that were stored before the block had it, or by a program."""
    figure = {"type": "figure", "value": {"image": make_image().pk, "alternative_text": "Desk"} | gap}
    page = make_standard_page(body=[figure, {"type": "quote", "value": {"attribution": "Clerk"}}])
    translate(page, "ru")
    page = StandardPage.objects.get(pk=page.pk)
    page.title = "As it is now"
    published(page)
    texts = [one.string.data for one in extract_segments(page) if isinstance(one, StringSegmentValue)]
    assert {"Desk", "Clerk"} <= set(texts)
    (shown, quote) = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    assert (shown["value"]["caption"], shown["value"]["credit"], quote["value"]["text"]) == ("", "", "")
