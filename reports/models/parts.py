"""What belongs to a country page or a report and is edited with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.models import Orderable, Page, TranslatableMixin

from cms.core.blocks import ChartType
from cms.core.fields import VocabularyKey, synchronised
from cms.core.serialisers import ChoiceField, LabelledField
from reports.choices import Addressee, FollowUp, Priority
from reports.editions import figures_json
from reports.forms import AddresseesField
from reports.shapes import FixedFigures

# A report shows its own country, of which there is one.
PANEL_TYPES = [choice for choice in ChartType.choices if choice[0] != ChartType.MULTIPLES]


class KeyIndicator(Orderable):
    """An indicator shown as a key figure on a country's profile."""

    page = ParentalKey("reports.CountryPage", on_delete=models.CASCADE, related_name="key_indicators")
    indicator = VocabularyKey(
        "reports.Indicator", on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator")
    )

    panels = [FieldPanel("indicator")]
    api_fields = [APIField("indicator", serializer=LabelledField())]


class Recommendation(TranslatableMixin, ClusterableModel, Orderable):
    """An action asked of somebody, with what became of it."""

    report = ParentalKey("reports.CountryReportPage", on_delete=models.CASCADE, related_name="recommendations")
    text = models.TextField(_("recommendation"))
    addressed_to = AddresseesField(_("addressed to"), choices=Addressee.choices, default=list, blank=True)
    basis = VocabularyKey(
        "reports.Indicator",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("basis"),
        help_text=_("The indicator that shows why."),
    )
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.MEDIUM)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    follow_up = models.CharField(_("follow-up"), max_length=20, choices=FollowUp.choices, default=FollowUp.NEW)
    note = models.TextField(_("note on the follow-up"), blank=True)

    panels = [
        FieldPanel("text"),
        FieldPanel("addressed_to"),
        FieldRowPanel([FieldPanel("priority"), FieldPanel("deadline"), FieldPanel("follow_up")]),
        FieldPanel("basis"),
        FieldPanel("note"),
    ]
    override_translatable_fields = synchronised("addressed_to", "basis", "priority", "deadline", "follow_up")
    api_fields = [
        APIField("text"),
        APIField("addressed_to"),
        APIField("basis", serializer=LabelledField()),
        APIField("priority", serializer=ChoiceField()),
        APIField("deadline"),
        APIField("follow_up", serializer=ChoiceField()),
        APIField("note"),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")

    @property
    def addressees(self) -> list[str]:
        """Names of the addressees in the reader's language."""
        names = dict(Addressee.choices)
        return [str(names[code]) for code in self.addressed_to if code in names]


class ReportIndicator(TranslatableMixin, Orderable):
    """An indicator on a report's panel and the form in which it is shown."""

    report = ParentalKey("reports.CountryReportPage", on_delete=models.CASCADE, related_name="indicator_panel")
    indicator = VocabularyKey(
        "reports.Indicator", on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator")
    )
    chart_type = models.CharField(_("chart"), max_length=10, choices=PANEL_TYPES, default=ChartType.LINE)
    note = models.TextField(_("note"), blank=True)

    panels = [FieldRowPanel([FieldPanel("indicator"), FieldPanel("chart_type")]), FieldPanel("note")]
    override_translatable_fields = synchronised("indicator", "chart_type")
    api_fields = [
        APIField("indicator", serializer=LabelledField()),
        APIField("chart_type"),
        APIField("note"),
        APIField("figures"),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("indicator of the report")
        verbose_name_plural = _("indicators of the report")

    @property
    def figures(self) -> FixedFigures:
        """Since when the figures are fixed, what was known of them then, and where they can be read."""
        return figures_json(self.report, self.indicator)


class ReportMeasure(Orderable):
    report = ParentalKey("reports.CountryReportPage", on_delete=models.CASCADE, related_name="measures")
    measure = models.ForeignKey(
        "reports.Measure", on_delete=models.PROTECT, related_name="+", verbose_name=_("measure")
    )

    panels = [FieldPanel("measure")]


class ReportPractice(Orderable):
    """A practice that a report cites; a page reference, since reports know nothing of practices."""

    report = ParentalKey("reports.CountryReportPage", on_delete=models.CASCADE, related_name="practices")
    practice = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("practice"))

    panels = [PageChooserPanel("practice", "practices.PracticePage")]


class ReportSource(Orderable):
    report = ParentalKey("reports.CountryReportPage", on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(_("title"), max_length=255)
    url = models.URLField(_("address"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)

    panels = [FieldPanel("title"), FieldRowPanel([FieldPanel("url"), FieldPanel("year")])]
    api_fields = [APIField("title"), APIField("url"), APIField("year")]
