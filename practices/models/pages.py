from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
)
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.core.fields import VocabularyKey, synchronised
from cms.core.models import BasePage, required, tabs
from cms.core.serialisers import ChoiceField, LabelledField, LabelledListField
from cms.core.serialisers import RichTextField as RichTextSerialiser
from practices.choices import CostBand, PracticeStatus
from practices.models.adaptations import PracticeAdaptation
from practices.search import FACETS
from search.listings import FacetedIndexMixin
from taxonomy.choices import Scheme

if TYPE_CHECKING:
    from django.http import HttpRequest

    from practices.shapes import AdaptationJSON

YEARS = [MinValueValidator(1950), MaxValueValidator(2100)]
SECTIONS = (
    "problem",
    "approach",
    "novelty",
    "beneficiaries",
    "methods",
    "challenges",
    "conditions",
    "lessons",
    "advice",
    "needs",
)


class PracticeIndexPage(FacetedIndexMixin, BasePage):
    """The catalogue of practices."""

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["practices.PracticePage"]
    template = "practices/practice_index_page.html"
    facets = FACETS

    edit_handler = tabs(BasePage.content_panels, BasePage.facts_panels)

    class Meta:
        verbose_name = _("catalogue of practices")

    def listed_pages(self) -> Any:
        return PracticePage.objects.for_readers(self.locale.language_code)


class PracticePage(BasePage):
    """Something an administration did that others can reuse."""

    parent_page_types = ["practices.PracticeIndexPage"]
    subpage_types: list[str] = []
    template = "practices/practice_page.html"

    problem = RichTextField(_("problem"), help_text=_("What was wrong, for whom, and how you knew."))
    approach = RichTextField(_("approach"), help_text=_("What was done, step by step, and by whom."))
    novelty = RichTextField(_("what is new"), help_text=_("How it differs from what was done before."))
    beneficiaries = RichTextField(
        _("users and beneficiaries"), blank=True, help_text=_("Who uses it, who gains by it.")
    )
    methods = RichTextField(_("methods and tools"), blank=True, help_text=_("Methods, software and materials used."))
    challenges = RichTextField(
        _("challenges and failures"),
        help_text=_("What did not work, and what was done about it. Other administrations learn most from this."),
    )
    conditions = RichTextField(_("conditions for success"), blank=True, help_text=_("What must be in place elsewhere."))
    lessons = RichTextField(_("lessons"), help_text=_("What you know now and did not know before."))
    advice = RichTextField(_("advice for others"), blank=True, help_text=_("What you would tell those who begin."))
    needs = RichTextField(_("needs from others"), blank=True, help_text=_("What help or exchange you look for."))
    funding = models.TextField(_("funding"), blank=True, help_text=_("Where the money came from."))

    start_year = models.PositiveSmallIntegerField(_("start year"), null=True, blank=True, validators=YEARS)
    end_year = models.PositiveSmallIntegerField(_("end year"), null=True, blank=True, validators=YEARS)
    status = models.CharField(_("status"), max_length=20, choices=PracticeStatus.choices, default=PracticeStatus.PILOT)
    cost_band = models.CharField(_("cost"), max_length=20, choices=CostBand.choices, default=CostBand.UNKNOWN)
    lead_organisation = VocabularyKey(
        "taxonomy.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lead organisation"),
    )
    levels = ParentalManyToManyField(
        "taxonomy.Concept",
        related_name="+",
        limit_choices_to={"scheme": Scheme.LEVEL},
        verbose_name=_("level of government"),
    )
    stages = ParentalManyToManyField(
        "taxonomy.Concept",
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": Scheme.STAGE},
        verbose_name=_("stage of innovation"),
    )
    innovation_types = ParentalManyToManyField(
        "taxonomy.Concept",
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": Scheme.INNOVATION_TYPE},
        verbose_name=_("type of innovation"),
    )
    contact_name = models.CharField(
        _("contact person"), max_length=120, blank=True, help_text=_("Never shown to the public.")
    )
    contact_email = models.EmailField(
        _("contact e-mail"),
        blank=True,
        help_text=_("Never shown to the public: messages from the contact form are sent here."),
    )
    has_contact_form = models.BooleanField(
        _("public contact form"),
        default=False,
        help_text=_("Readers can write to the contact e-mail through a form, without seeing the address."),
    )

    content_panels: list[Panel] = [
        *BasePage.intro_panels,
        BasePage.cover_panel,
        MultiFieldPanel(
            [FieldPanel("problem"), FieldPanel("approach"), FieldPanel("novelty")], heading=_("What and why")
        ),
        MultiFieldPanel([FieldPanel("beneficiaries"), FieldPanel("methods")], heading=_("For whom and how")),
        MultiFieldPanel([FieldPanel("challenges"), FieldPanel("conditions")], heading=_("What it takes")),
        MultiFieldPanel([FieldPanel("lessons"), FieldPanel("advice"), FieldPanel("needs")], heading=_("For others")),
        FieldPanel("body", heading=_("More to say")),
    ]
    results_panels: list[Panel] = [InlinePanel("results", heading=_("Results"), label=_("Result"), min_num=1)]
    facts_panels: list[Panel] = [
        MultiFieldPanel(
            [FieldPanel("status"), FieldRowPanel([FieldPanel("start_year"), FieldPanel("end_year")])],
            heading=_("State"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("levels", widget=forms.CheckboxSelectMultiple, required_on_save=False),
                FieldPanel("stages", widget=forms.CheckboxSelectMultiple),
                FieldPanel("innovation_types", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("Kind of practice"),
        ),
        FieldPanel("lead_organisation"),
        *BasePage.facts_panels,
        MultipleChooserPanel(
            "functions", chooser_field_name="concept", heading=_("Functions of government"), label=_("Function")
        ),
        MultipleChooserPanel(
            "sdg_targets",
            chooser_field_name="concept",
            heading=_("Sustainable Development Goals"),
            label=_("Goal or target"),
        ),
        MultiFieldPanel([FieldPanel("cost_band"), FieldPanel("funding")], heading=_("Cost")),
        InlinePanel("files", heading=_("Files"), label=_("File")),
        InlinePanel("links", heading=_("Links"), label=_("Link")),
        MultiFieldPanel(
            [FieldPanel("contact_name"), FieldPanel("contact_email"), FieldPanel("has_contact_form")],
            heading=_("Contact"),
        ),
    ]
    edit_handler = tabs(content_panels, facts_panels, ObjectList(results_panels, heading=_("Results")))
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *synchronised(
            "start_year",
            "end_year",
            "status",
            "cost_band",
            "lead_organisation",
            "levels",
            "stages",
            "innovation_types",
            "functions",
            "sdg_targets",
            "contact_name",
            "contact_email",
            "has_contact_form",
        ),
    ]

    search_fields = [
        *BasePage.search_fields,
        *(index.SearchField(name) for name in SECTIONS),
        index.FilterField("status"),
    ]

    api_fields = [
        *BasePage.api_fields,
        *(APIField(name, serializer=RichTextSerialiser()) for name in SECTIONS),
        APIField("funding"),
        APIField("start_year"),
        APIField("end_year"),
        APIField("status", serializer=ChoiceField()),
        APIField("cost_band", serializer=ChoiceField()),
        APIField("lead_organisation", serializer=LabelledField()),
        APIField("levels", serializer=LabelledListField()),
        APIField("stages", serializer=LabelledListField()),
        APIField("innovation_types", serializer=LabelledListField()),
        APIField("functions_of_government", serializer=LabelledListField()),
        APIField("sustainable_development_goals", serializer=LabelledListField()),
        APIField("results"),
        APIField("files"),
        APIField("links"),
        APIField("adaptations"),
    ]

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        # By which lists are narrowed: much less to read than whole rows.
        indexes = [
            models.Index(
                name="practices_narrowed", fields=["status", "start_year", "end_year", "cost_band", "page_ptr"]
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.start_year and self.end_year and self.end_year < self.start_year:
            raise ValidationError({"end_year": _("The end year cannot be before the start year.")})
        if self.has_contact_form and not self.contact_email:
            raise ValidationError(
                {"contact_email": required(_("The contact form needs an e-mail address to send messages to."))}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = self.sections
        context["adaptations"] = PracticeAdaptation.objects.of(self)
        return context

    @property
    def sections(self) -> list[tuple[str, str, str]]:
        """(anchor, heading, rich text) of each section that has a text, in reading order."""
        return [
            (name, str(self._meta.get_field(name).verbose_name).capitalize(), getattr(self, name))
            for name in SECTIONS
            if getattr(self, name)
        ]

    @property
    def functions_of_government(self) -> list[Any]:
        return [link.concept for link in self.functions.all()]

    @property
    def sustainable_development_goals(self) -> list[Any]:
        return [link.concept for link in self.sdg_targets.all()]

    @property
    def adaptations(self) -> list[AdaptationJSON]:
        loaded = getattr(self, "loaded_adaptations", None)
        return [one.as_json() for one in (PracticeAdaptation.objects.of(self) if loaded is None else loaded)]
