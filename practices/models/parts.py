"""What belongs to a practice and is edited with it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.api import APIField
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import TranslatableField

from cms.core.fields import VocabularyKey, synchronised
from cms.core.serialisers import LabelledField
from cms.languages import interface_languages
from taxonomy.choices import Scheme


class PracticeResult(TranslatableMixin, Orderable):
    """One result, ideally as a figure before and after."""

    practice = ParentalKey("practices.PracticePage", on_delete=models.CASCADE, related_name="results")
    text = models.TextField(_("result"), help_text=_("What changed, in one or two sentences."))
    indicator = VocabularyKey(
        "reports.Indicator",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("indicator"),
    )
    before = models.DecimalField(_("before"), max_digits=20, decimal_places=4, null=True, blank=True)
    after = models.DecimalField(_("after"), max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True, help_text=_("For example: days, per cent, persons."))
    date = models.DateField(_("date of the figure"), null=True, blank=True)
    evidence_url = models.URLField(_("evidence"), blank=True, help_text=_("A report or data set that shows it."))

    panels = [
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("before"), FieldPanel("after"), FieldPanel("unit")]),
        FieldRowPanel([FieldPanel("date"), FieldPanel("indicator")]),
        FieldPanel("evidence_url"),
    ]
    override_translatable_fields = [
        *synchronised("indicator", "before", "after", "date", "evidence_url"),
        TranslatableField("unit"),
    ]
    api_fields = [
        APIField("text"),
        APIField("indicator", serializer=LabelledField()),
        APIField("before"),
        APIField("after"),
        APIField("unit"),
        APIField("date"),
        APIField("evidence_url"),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("result")
        verbose_name_plural = _("results")


class PracticeFile(TranslatableMixin, Orderable):
    practice = ParentalKey("practices.PracticePage", on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("file")
    )
    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    title = models.CharField(_("title"), max_length=255)

    panels = [FieldPanel("document"), FieldPanel("language"), FieldPanel("title")]
    override_translatable_fields = synchronised("document", "language")
    api_fields = [APIField("document"), APIField("language"), APIField("title")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")


class PracticeLink(TranslatableMixin, Orderable):
    practice = ParentalKey("practices.PracticePage", on_delete=models.CASCADE, related_name="links")
    url = models.URLField(_("address"))
    title = models.CharField(_("title"), max_length=255)

    panels = [FieldPanel("url"), FieldPanel("title")]
    override_translatable_fields = synchronised("url")
    api_fields = [APIField("url"), APIField("title")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")


class PracticeFunction(Orderable):
    """A function of government (COFOG) that a practice serves."""

    practice = ParentalKey("practices.PracticePage", on_delete=models.CASCADE, related_name="functions")
    concept = VocabularyKey(
        "taxonomy.Concept",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"scheme": Scheme.COFOG},
        verbose_name=_("function of government"),
    )

    panels = [FieldPanel("concept")]


class PracticeTarget(Orderable):
    """A Sustainable Development Goal or target that a practice contributes to."""

    practice = ParentalKey("practices.PracticePage", on_delete=models.CASCADE, related_name="sdg_targets")
    concept = VocabularyKey(
        "taxonomy.Concept",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"scheme": Scheme.SDG},
        verbose_name=_("goal or target"),
    )

    panels = [FieldPanel("concept")]
