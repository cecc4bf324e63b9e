"""The content pieces of which every page body is made. Each knows its JSON form and its plain text.

The plain text comes from Wagtail's `get_searchable_content`; the JSON form from `get_api_representation`.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import expand_db_html
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail_localize.segments import StringSegmentValue

from cms.core import links, memory
from cms.core.serialisers import document_json, image_json, page_json
from cms.core.shapes import HTML, File, Label, PageLink, Picture

RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class RichTextBlock(blocks.RichTextBlock):
    def get_api_representation(self, value: Any, context: Any = None) -> HTML:
        return expand_db_html(value.source)


class LoadedTogether:
    """A mixin for choosers: what the request has loaded already (`cms.core.bodies`) is not loaded again."""

    def bulk_to_python(self: Any, values: Any) -> list[Any]:
        known = memory.objects()
        found = [known.get((self.model_class, pk)) for pk in values]
        if any(pk and one is None for pk, one in zip(values, found, strict=True)):
            return super().bulk_to_python(values)  # type: ignore[misc]  # a mixin of blocks
        return found


class Words:
    """A mixin for texts: one that a stored block lacks, as it is older or was written by a program, is empty."""

    def get_default(self) -> Any:
        return super().get_default() or ""  # type: ignore[misc]  # a mixin of blocks

    def to_python(self, value: Any) -> Any:
        return super().to_python(value) or ""  # type: ignore[misc]  # a mixin of blocks


class LineBlock(Words, blocks.CharBlock):
    pass


class LinesBlock(Words, blocks.TextBlock):
    pass


class ImageBlock(LoadedTogether, ImageChooserBlock):
    def get_api_representation(self, value: Any, context: Any = None) -> Picture | None:
        return image_json(value)


class DocumentBlock(LoadedTogether, DocumentChooserBlock):
    def get_api_representation(self, value: Any, context: Any = None) -> File | None:
        return document_json(value)


class PageBlock(blocks.PageChooserBlock):
    """A page; what is shown is its version in the language of the text, or in the one that is offered instead."""

    def get_api_representation(self, value: Any, context: Any = None) -> PageLink | None:
        return page_json(links.public_targets([value.pk]).get(value.pk)) if value else None

    def bulk_to_python(self, values: Any) -> list[Any]:
        known = [links.known_target(pk) for pk in values]
        return super().bulk_to_python(values) if None in known else known


class LabelledBlock(SnippetChooserBlock):
    """A chooser for a row with a `code` and a `label` in the active language."""

    @cached_property
    def widget(self) -> Any:
        from cms.core.choosers import NameChooser  # blocks are imported before the models that admin views need

        return NameChooser(self.target_model, icon=super().widget.icon)

    def bulk_to_python(self, values: Any) -> list[Any]:
        """The rows out of the memory of the process; None for a row that was deleted."""
        rows = self.model_class.vocabulary().by_pk
        return [rows.get(value) for value in values]

    def get_api_representation(self, value: Any, context: Any = None) -> Label | None:
        return {"code": value.code, "label": value.label} if value else None


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blocks/heading.html"


class QuoteBlock(blocks.StructBlock):
    text = LinesBlock(label=_("Quotation"))
    attribution = LineBlock(label=_("Who said it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quote.html"


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Image"))
    alternative_text = LineBlock(
        label=_("Alternative text"),
        max_length=255,
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    caption = LineBlock(label=_("Caption"), required=False)
    credit = LineBlock(label=_("Credit"), required=False)

    class Meta:
        icon = "image"
        label = _("Figure")
        template = "blocks/figure.html"


class FileBlock(blocks.StructBlock):
    document = DocumentBlock(label=_("File"))
    title = LineBlock(label=_("Title"), required=False, help_text=_("Leave empty to use the file's own title."))

    class Meta:
        icon = "doc-full"
        label = _("File")
        template = "blocks/file.html"


class TableBlock(WagtailTableBlock):
    """A table whose every cell is a segment of translation."""

    def get_translatable_segments(self, value: dict[str, Any]) -> list[StringSegmentValue]:
        cells = [
            StringSegmentValue(f"{row}-{column}", text)
            for row, line in enumerate((value or {}).get("data", []))
            for column, text in enumerate(line)
            if text
        ]
        caption = (value or {}).get("table_caption")
        return [*cells, StringSegmentValue("caption", caption)] if caption else cells

    def get_searchable_content(self, value: dict[str, Any]) -> list[str]:
        caption = (value or {}).get("table_caption")
        cells: list[str] = super().get_searchable_content(value)
        return [caption, *cells] if caption else cells

    def restore_translated_segments(self, value: dict[str, Any], segments: Any) -> dict[str, Any]:
        for segment in segments:
            if segment.path == "caption":
                value["table_caption"] = segment.render_text()
            else:
                row, column = map(int, segment.path.split("-"))
                value["data"][row][column] = segment.render_text()
        return value

    class Meta:
        icon = "table"
        label = _("Table")
        template = "blocks/table.html"


class CalloutBlock(blocks.StructBlock):
    title = LineBlock(label=_("Title"), required=False)
    text = RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "blocks/callout.html"


class VideoBlock(blocks.StructBlock):
    video = DocumentBlock(label=_("Video file"), required=False)
    url = blocks.URLBlock(label=_("Link to the video"), required=False)
    title = LineBlock(label=_("Title"))
    captions = DocumentBlock(
        label=_("Captions"),
        required=False,
        help_text=_("A WebVTT file (.vtt) in the language of the page."),
    )
    transcript = RichTextBlock(label=_("Transcript"), required=False, features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"


class KeyFigureBlock(blocks.StructBlock):
    value = LineBlock(label=_("Number"), max_length=30)
    label = LineBlock(label=_("What it counts"))
    source = LineBlock(label=_("Source"), help_text=_("Write “illustrative” where the figure is an example."))


class KeyFiguresBlock(blocks.StructBlock):
    figures = blocks.ListBlock(KeyFigureBlock(), label=_("Numbers"), min_num=1, max_num=6)

    class Meta:
        icon = "order"
        label = _("Key figures")
        template = "blocks/key_figures.html"


class ChartType(models.TextChoices):
    LINE = "line", _("Line")
    BAR = "bar", _("Bars")
    AREA = "area", _("Area")
    STEP = "step", _("Steps")
    MULTIPLES = "multiples", _("Small multiples")
    MAP = "map", _("Map")
    TABLE = "table", _("Table")


MAX_LINES = 8
# The least and the greatest number of countries in types of charts; none on a map are all of them.
COUNTRIES_IN = {
    ChartType.AREA: (1, 1),
    ChartType.BAR: (1, 12),
    ChartType.MULTIPLES: (2, 12),
    ChartType.MAP: (0, 12),
}


class IndicatorChartBlock(blocks.StructBlock):
    indicators = blocks.ListBlock(LabelledBlock("reports.Indicator"), label=_("Indicators"), min_num=1, max_num=4)
    countries = blocks.ListBlock(
        LabelledBlock("taxonomy.Country"),
        label=_("Countries"),
        min_num=0,
        max_num=12,
        help_text=_("Leave empty for a map of all countries. Lines hold at most eight countries."),
    )
    start = blocks.DateBlock(label=_("Start"), required=False)
    end = blocks.DateBlock(label=_("End"), required=False)
    chart_type = blocks.ChoiceBlock(label=_("Chart"), choices=ChartType.choices, default=ChartType.LINE)
    note = LineBlock(label=_("Note"), required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {
            name: ValidationError(message)
            for name, message in [
                ("countries", wrong_countries(cleaned["chart_type"], list(cleaned["countries"]))),
                ("indicators", not_comparable(cleaned)),
                ("end", wrong_end(cleaned)),
            ]
            if message
        }
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        """As for every block, with the addresses of the values and of the drawing of each indicator."""
        found: dict[str, Any] = super().get_api_representation(value, context)
        query = [("country", country.code) for country in value["countries"] if country]
        is_shown = query or value["chart_type"] == ChartType.MAP  # its countries may have been deleted since
        query += [(name, value[key].isoformat()) for name, key in (("from", "start"), ("to", "end")) if value[key]]
        codes = [one.code for one in value["indicators"] if one and is_shown]

        def addresses(name: str, *more: tuple[str, str]) -> list[str]:
            rest = urlencode([*query, *more])
            paths = [reverse(name, args=[code]) for code in codes]
            return [f"{settings.WAGTAILAPI_BASE_URL}{path}{'?' if rest else ''}{rest}" for path in paths]

        drawn = value["chart_type"] != ChartType.TABLE
        pictures = addresses("indicator_picture", ("chart", value["chart_type"])) if drawn else []
        return found | {"data": addresses("indicator_csv"), "pictures": pictures}

    class Meta:
        icon = "chart-line"
        label = _("Indicator chart")
        template = "blocks/indicator_chart.html"


def wrong_countries(chart_type: str, countries: list[Any]) -> str:
    """Why a chart of a type cannot show some countries; empty where it can."""
    count = len(countries)
    least, most = COUNTRIES_IN.get(ChartType(chart_type), (1, MAX_LINES))
    if len({country.pk for country in countries if country}) < count:
        return gettext("A country is chosen twice. Remove one of the two.")
    if least <= count <= most:
        return ""
    if not count:
        return gettext("Choose at least one country. Only a map may be without: it then shows all countries.")
    if most == 1:
        return gettext("A filled line shows one country. Choose one, or another type of chart.")
    if count < least:
        return gettext("Small multiples show a panel for each country. Choose two or more, or another type of chart.")
    return ngettext(
        "This type of chart holds at most %(number)s country.",
        "This type of chart holds at most %(number)s countries.",
        most,
    ) % {"number": most}


def not_comparable(chart: Any) -> str:
    """Why indicators must not be shown for several countries; empty where they may."""
    is_comparison = len(chart["countries"]) > 1 or not chart["countries"]
    for indicator in chart["indicators"]:
        if is_comparison and indicator and not indicator.is_comparable:
            row = indicator.label_row
            reason = gettext("“%(indicator)s” must not be compared between countries. Show one country in each chart.")
            return f"{reason % {'indicator': indicator.label}} {row.caveats if row else ''}".strip()
    return ""


def wrong_end(chart: Any) -> str:
    start, end = chart["start"], chart["end"]
    return gettext("The end is before the start.") if start and end and end < start else ""


class MeasureTimelineBlock(blocks.StructBlock):
    country = LabelledBlock("taxonomy.Country", label=_("Country"))
    start = blocks.DateBlock(label=_("Start"), required=False)
    end = blocks.DateBlock(label=_("End"), required=False)

    class Meta:
        icon = "calendar"
        label = _("Measures timeline")
        template = "blocks/measure_timeline.html"


class RelatedPagesBlock(blocks.StructBlock):
    title = LineBlock(label=_("Title"), required=False)
    pages = blocks.ListBlock(PageBlock(), label=_("Pages"), min_num=1, max_num=8)

    class Meta:
        icon = "link"
        label = _("Related pages")
        template = "blocks/related_pages.html"


class CallToActionBlock(blocks.StructBlock):
    text = LineBlock(label=_("Text"), max_length=160)
    button = LineBlock(label=_("Button"), max_length=60)
    page = PageBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("Address"), required=False)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        page = value["page"]
        return context | {"target": links.public_targets([page.pk]).get(page.pk) if page else None}

    class Meta:
        icon = "arrow-right"
        label = _("Call to action")
        template = "blocks/call_to_action.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = HeadingBlock()
    text = RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES, icon="pilcrow", template="blocks/text.html")
    quote = QuoteBlock()
    figure = FigureBlock()
    file = FileBlock()
    table = TableBlock()
    callout = CalloutBlock()
    video = VideoBlock()
    key_figures = KeyFiguresBlock()
    indicator_chart = IndicatorChartBlock()
    measure_timeline = MeasureTimelineBlock()
    related_pages = RelatedPagesBlock()
    call_to_action = CallToActionBlock()
