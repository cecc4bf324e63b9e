"""Language-neutral vocabularies: one row each, a label row per language."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel

from cms.core.fields import VocabularyKey
from cms.core.labels import Labelled, LabelRow
from cms.core.validators import validate_no_circle
from cms.languages import reader_language
from taxonomy.choices import IdentifierScheme, MembershipRole, OrganisationKind, Scheme
from taxonomy.cldr import territory_names
from taxonomy.querysets import CountryManager

MAX_THEME_LEVELS = 3
TWO_LETTERS = RegexValidator(r"\A[A-Z]{2}\Z", _("Two capital letters, as in KZ."))
THREE_LETTERS = RegexValidator(r"\A[A-Z]{3}\Z", _("Three capital letters, as in KAZ."))
THREE_DIGITS = RegexValidator(r"\A[0-9]{3}\Z", _("Three digits, as in 398."))


class Country(Labelled):
    """A country or territory of ISO 3166-1. Its name comes from CLDR unless a label row overrides it."""

    kept_relations = ("memberships",)

    code = models.CharField(_("ISO 3166-1 alpha-2"), max_length=2, unique=True, validators=[TWO_LETTERS])
    alpha3 = models.CharField(_("ISO 3166-1 alpha-3"), max_length=3, unique=True, validators=[THREE_LETTERS])
    m49 = models.CharField(_("UN M49"), max_length=3, unique=True, validators=[THREE_DIGITS])
    region = models.CharField(_("M49 region"), max_length=3, blank=True, validators=[THREE_DIGITS])
    subregion = models.CharField(_("M49 sub-region"), max_length=3, blank=True, validators=[THREE_DIGITS])

    objects = CountryManager()

    panels = [
        HelpPanel(
            _("The name comes from Unicode CLDR in every language. Add a label only where it should read otherwise.")
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("code"), FieldPanel("alpha3"), FieldPanel("m49")])], heading=_("Codes")
        ),
        InlinePanel("labels", heading=_("Editorial names"), label=pgettext_lazy("thing", "Name")),
        InlinePanel("memberships", heading=_("Membership"), label=_("Membership")),
    ]

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]

    def fallback_label(self) -> str:
        return territory_names(reader_language()).get(self.code, self.alpha3)

    @property
    def region_label(self) -> str:
        return territory_names(reader_language()).get(self.region, "")

    @property
    def subregion_label(self) -> str:
        return territory_names(reader_language()).get(self.subregion, "")

    @property
    def label(self) -> str:
        """The editorial name in exactly the reader's language, else the CLDR name in that language."""
        language = reader_language()
        kept = {} if self.kept_labels is None else self.kept_labels
        if language not in kept:
            own = next((row.label for row in self.labels.all() if row.language == language), "")
            kept[language] = own or self.fallback_label()
        return kept[language]


class CountryLabel(LabelRow):
    owner = ParentalKey(Country, on_delete=models.CASCADE, related_name="labels")

    class Meta(LabelRow.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "language"], name="country_label_once")]


class Membership(models.Model):
    """A period in which a country belonged to the network, and as what."""

    country = ParentalKey(Country, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=MembershipRole.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"), null=True, blank=True)

    panels = [FieldPanel("role"), FieldRowPanel([FieldPanel("since"), FieldPanel("until")])]

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.country} ({self.get_role_display()})"

    def clean(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The membership cannot end before it begins.")})


class Theme(Labelled):
    """An issue addressed: the main facet of all content, at most three levels deep."""

    names = ("code", "labels__label", "labels__synonyms")
    code = models.SlugField(_("code"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("parent theme"),
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    opsi_issue = models.CharField(_("OPSI issue"), max_length=120, blank=True)
    concepts = models.ManyToManyField(
        "taxonomy.Concept",
        blank=True,
        related_name="+",
        verbose_name=_("related concepts"),
        limit_choices_to={"scheme__in": [Scheme.COFOG, Scheme.SDG]},
        help_text=_("Functions of government and Sustainable Development Goals that the theme corresponds to."),
    )

    panels = [
        FieldPanel("code"),
        FieldPanel("parent"),
        FieldPanel("sort_order"),
        InlinePanel("labels", heading=_("Labels"), label=_("Label"), min_num=1),
        MultiFieldPanel([FieldPanel("concepts"), FieldPanel("opsi_issue")], heading=_("Correspondence")),
    ]

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["sort_order", "code"]

    def clean(self) -> None:
        super().clean()
        validate_no_circle(self, "parent")
        if self.depth + self.height > MAX_THEME_LEVELS:
            raise ValidationError({"parent": _("Themes have at most three levels. Choose a parent further up.")})

    @property
    def definition(self) -> str:
        row = self.label_row
        return row.definition if row else ""

    @property
    def depth(self) -> int:
        """1 for a top theme."""
        depth, theme = 1, self.parent
        while theme is not None and depth <= MAX_THEME_LEVELS:
            depth, theme = depth + 1, theme.parent
        return depth

    @property
    def height(self) -> int:
        """How many levels of themes stand below this one."""
        height, level = 0, [self.pk] if self.pk else []
        while height < MAX_THEME_LEVELS:
            level = list(Theme.objects.filter(parent__in=level).values_list("pk", flat=True))
            if not level:
                break
            height += 1
        return height


class ThemeLabel(LabelRow):
    owner = ParentalKey(Theme, on_delete=models.CASCADE, related_name="labels")
    definition = models.TextField(_("definition"), blank=True)
    synonyms = models.TextField(
        _("synonyms"),
        blank=True,
        help_text=_("Other words that readers use, one per line. Search finds the theme by them."),
    )

    panels = [*LabelRow.panels, FieldPanel("definition"), FieldPanel("synonyms")]

    class Meta(LabelRow.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "language"], name="theme_label_once")]


class Concept(Labelled):
    """A concept of a published or fixed classification, such as COFOG or the Sustainable Development Goals."""

    scheme = models.CharField(_("classification"), max_length=20, choices=Scheme.choices)
    code = models.CharField(_("code"), max_length=40)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("broader concept"),
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0)

    panels = [
        FieldRowPanel([FieldPanel("scheme"), FieldPanel("code")]),
        FieldPanel("parent"),
        InlinePanel("labels", heading=_("Labels"), label=_("Label"), min_num=1),
    ]

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("classifications")
        ordering = ["scheme", "sort_order", "code"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="concept_once_per_scheme")]

    def clean(self) -> None:
        super().clean()
        validate_no_circle(self, "parent")

    def __str__(self) -> str:
        if self.scheme in {Scheme.COFOG, Scheme.SDG}:
            return f"{self.code} {self.label}"
        return self.label


class ConceptLabel(LabelRow):
    owner = ParentalKey(Concept, on_delete=models.CASCADE, related_name="labels")
    label = models.CharField(_("label"), max_length=1000)

    class Meta(LabelRow.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "language"], name="concept_label_once")]


class Organisation(Labelled):
    """A body that authors, leads, funds or publishes."""

    names = ("code", "acronym", "native_name", "labels__label")
    kept_relations = ("identifiers",)
    code = models.SlugField(_("code"), max_length=80, unique=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    native_name = models.CharField(_("name in its own language"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    country = VocabularyKey(
        Country,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name=_("country"),
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("part of")
    )
    url = models.URLField(_("web site"), blank=True)
    logo = models.ForeignKey(
        "media.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("logo")
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        verbose_name=_("merged into"),
        help_text=_("Where the same organisation exists twice: the row that stays."),
    )

    panels = [
        FieldPanel("code"),
        InlinePanel("labels", heading=_("Names"), label=pgettext_lazy("thing", "Name"), min_num=1),
        FieldRowPanel([FieldPanel("acronym"), FieldPanel("native_name")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("country")]),
        FieldPanel("parent"),
        FieldPanel("url"),
        FieldPanel("logo"),
        InlinePanel("identifiers", heading=_("Identifiers"), label=_("Identifier")),
        FieldPanel("merged_into"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["code"]

    def clean(self) -> None:
        super().clean()
        for name in ("parent", "merged_into"):
            validate_no_circle(self, name)


class OrganisationLabel(LabelRow):
    owner = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="labels")

    class Meta(LabelRow.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "language"], name="organisation_label_once")]


class OrganisationIdentifier(models.Model):
    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("register"), max_length=20, choices=IdentifierScheme.choices)
    value = models.CharField(_("identifier"), max_length=80)

    panels = [FieldRowPanel([FieldPanel("scheme"), FieldPanel("value")])]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_once")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"
