"""What every page shares."""

from __future__ import annotations

from http import HTTPMethod
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.template.response import TemplateResponse
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PageChooserPanel,
    Panel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.api import APIField
from wagtail.models import Orderable, Page, PageViewRestriction
from wagtail.search import index

from cms.core import links
from cms.core.blocks import BodyBlock
from cms.core.choices import Licence, OrganisationRole, ReviewState
from cms.core.fields import StreamField, VocabularyKey, synchronised
from cms.core.forms import ContentPageForm
from cms.core.panels import ChecklistPanel
from cms.core.previews import FrontEndPreviewMixin
from cms.core.querysets import ContentManager, content_language, restricted_paths
from cms.core.serialisers import ChoiceField, ImageField, LabelledField, LabelledListField, page_json
from cms.languages import content_languages
from cms.translation.panels import TranslationsPanel
from cms.workflows.policies import ContentPermissionTester

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest

    from cms.core.shapes import Involvement, PageLink

SUMMARY_LENGTH = 400


class PageCountry(Orderable):
    """A country that a page is about."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_countries")
    country = VocabularyKey("taxonomy.Country", on_delete=models.PROTECT, related_name="+", verbose_name=_("country"))

    panels = [FieldPanel("country")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "country"], name="page_country_once")]


class PageTheme(Orderable):
    """An issue that a page addresses."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_themes")
    theme = VocabularyKey("taxonomy.Theme", on_delete=models.PROTECT, related_name="+", verbose_name=_("theme"))

    panels = [FieldPanel("theme")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "theme"], name="page_theme_once")]


class PageOrganisation(Orderable):
    """An organisation and what it did for the content of a page."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_organisations")
    organisation = VocabularyKey(
        "taxonomy.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    role = models.CharField(
        _("role"), max_length=20, choices=OrganisationRole.choices, default=OrganisationRole.PARTNER
    )

    panels = [FieldPanel("organisation"), FieldPanel("role")]


class PageRelation(Orderable):
    """A page that an editor recommends to readers of this one."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_relations")
    related = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))

    panels = [PageChooserPanel("related")]


class BasePage(FrontEndPreviewMixin, Page):
    """The fields and rules that every page type of the platform shares.

    Facts (countries, themes, organisations, licence, review state) are the same in all languages and edited on the
    page in the source language; texts are translated.
    """

    summary = models.TextField(
        _("summary"),
        max_length=SUMMARY_LENGTH,
        help_text=_("What readers see in lists and search results: at most 400 characters."),
    )
    source_language = models.CharField(
        _("source language"),
        max_length=10,
        choices=content_languages,
        blank=True,
        editable=False,
    )
    cover_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("cover image"),
        help_text=_("Without a picture, an ornament drawn for this page stands in its place."),
    )
    cover_alt = models.CharField(
        _("alternative text of the cover image"),
        max_length=255,
        blank=True,
        help_text=_("What the picture shows, for readers who cannot see it. Required with a cover image."),
    )
    country = VocabularyKey(
        "taxonomy.Country",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("primary country"),
        help_text=_("The country that the content comes from."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=40,
        choices=Licence.choices,
        default=Licence.CC_BY,
        help_text=_("The terms on which others may reuse the text."),
    )
    attribution = models.CharField(
        _("attribution"),
        max_length=255,
        blank=True,
        help_text=_("How those who reuse the text should name its author."),
    )
    review_state = models.CharField(
        _("review state"),
        max_length=20,
        choices=ReviewState.choices,
        default=ReviewState.SELF_REPORTED,
        help_text=_("Self-reported by the author, reviewed by the secretariat, or verified against evidence."),
    )
    is_illustrative = models.BooleanField(
        _("illustrative"),
        default=False,
        help_text=_("Tick this where the content is an example and not a record of real events; readers see a note."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    objects = ContentManager()
    base_form_class = ContentPageForm
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    required_to_publish: tuple[str, ...] = ()
    # Whether its HTML is the same for everybody and follows the content, the address and the clock alone.
    may_be_kept = True

    intro_panels: list[Panel] = [ChecklistPanel(), TitleFieldPanel("title"), FieldPanel("summary")]
    cover_panel = MultiFieldPanel([FieldPanel("cover_image"), FieldPanel("cover_alt")], heading=_("Cover"))
    content_panels: list[Panel] = [*intro_panels, cover_panel, FieldPanel("body")]
    facts_panels: list[Panel] = [
        MultiFieldPanel(
            [
                FieldPanel("country"),
                MultipleChooserPanel("page_countries", chooser_field_name="country", label=_("Country")),
            ],
            heading=_("Countries"),
        ),
        MultipleChooserPanel(
            "page_themes", chooser_field_name="theme", heading=_("Themes"), label=_("Theme"), max_num=8
        ),
        InlinePanel("page_organisations", heading=_("Organisations"), label=_("Organisation")),
        MultiFieldPanel(
            [
                FieldPanel("review_state"),
                FieldPanel("is_illustrative"),
                FieldPanel("licence"),
                FieldPanel("attribution"),
            ],
            heading=_("Trust and reuse"),
        ),
        MultipleChooserPanel(
            "page_relations", chooser_field_name="related", heading=_("Related pages"), label=_("Page"), max_num=8
        ),
    ]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("For search engines"),
        ),
        FieldPanel("show_in_menus"),
    ]
    settings_panels: list[Panel] = [PublishingPanel(), TranslationsPanel(), CommentPanel()]
    override_translatable_fields = synchronised(
        "source_language",
        "cover_image",
        "country",
        "licence",
        "review_state",
        "is_illustrative",
        "page_countries",
        "page_themes",
        "page_organisations",
        "page_relations",
    )

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.AutocompleteField("summary"),
        index.SearchField("body"),
    ]

    api_fields = [
        APIField("uid"),
        APIField("summary"),
        APIField("source_language"),
        APIField("cover_image", serializer=ImageField()),
        APIField("cover_alt"),
        APIField("country", serializer=LabelledField()),
        APIField("countries", serializer=LabelledListField()),
        APIField("themes", serializer=LabelledListField()),
        APIField("organisations"),
        APIField("licence", serializer=ChoiceField()),
        APIField("attribution"),
        APIField("review_state", serializer=ChoiceField()),
        APIField("is_illustrative"),
        APIField("last_published_at"),
        APIField("related_pages"),
        APIField("body"),
    ]

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude)
        missing = [name for name in self.required_to_publish if name not in (exclude or ()) and not getattr(self, name)]
        if missing:
            raise ValidationError({name: required(_("This page cannot be published without it.")) for name in missing})

    def clean(self) -> None:
        super().clean()
        if self.cover_image_id and not self.cover_alt:
            raise ValidationError({"cover_alt": required(_("Describe the cover image for readers who cannot see it."))})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.source_language:
            self.source_language = self.locale.language_code
        self._settle_rows()
        super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        self._settle_rows()
        return super().save_revision(*args, **kwargs)

    def _settle_rows(self) -> None:
        """Give each row a place of its own, as forms do: a database returns rows without one in any order."""
        self._include_primary_country()
        for rows in getattr(self, "_cluster_related_objects", {}).values():
            places = [row.sort_order for row in rows if isinstance(row, Orderable)]
            if None in places or len(set(places)) < len(places):
                rows.sort(key=lambda row: row.sort_order is None)
                number(rows)

    def _include_primary_country(self) -> None:
        """The country that the content comes from is one of those that it is about: lists and facets go by these."""
        links = list(self.page_countries.all()) if self.country_id else []
        if self.country_id and self.country_id not in {link.country_id for link in links}:
            page: Any = self
            page.page_countries = number([PageCountry(country_id=self.country_id), *links])

    def permissions_for_user(self, user: Any) -> ContentPermissionTester:
        return ContentPermissionTester(user, self)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """As Wagtail, but a reader whose interface language has no content keeps that language's prefix."""
        parts = super().get_url_parts(request)
        active = translation.get_language()
        language = self.locale.language_code
        if not parts or not parts[2] or not active or active == language or content_language(active) != language:
            return parts
        own = f"{get_script_prefix()}{language}/"
        return (*parts[:2], f"{get_script_prefix()}{active}/{parts[2].removeprefix(own)}")

    def get_view_restrictions(self) -> Any:
        """As Wagtail, which is asked only where a restriction stands on the way from the root to the page."""
        if self.path.startswith(restricted_paths()):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()

    def serve_password_required_response(self, request: HttpRequest, form: Any, action_url: str) -> TemplateResponse:
        """As Wagtail, but the template is given nothing of the page: its texts are what the password protects."""
        context = {"form": form, "action_url": action_url}
        return TemplateResponse(request, "wagtailcore/password_required.html", context)

    @property
    def uid(self) -> UUID:
        """The public id that all language versions of the page share."""
        return self.translation_key

    @property
    def countries(self) -> list[Any]:
        return [link.country for link in self.page_countries.all()]

    @property
    def themes(self) -> list[Any]:
        return [link.theme for link in self.page_themes.all()]

    @property
    def organisations(self) -> list[Involvement]:
        return [
            {"code": link.organisation.code, "name": link.organisation.label, "role": link.role}
            for link in self.page_organisations.all()
        ]

    @property
    def related_pages(self) -> list[PageLink]:
        """The public related pages, in the language of this page where they exist in it."""
        ids = [link.related_id for link in self.page_relations.all()]
        with links.published_in(self.locale.language_code):
            found = links.public_targets(ids)
        return [entry for pk in ids if (entry := page_json(found.get(pk)))]

    @property
    def is_translation(self) -> bool:
        return self.source_language != self.locale.language_code


def number(rows: list[Any]) -> list[Any]:
    """The rows, which stand in the order of the list from now on."""
    for place, row in enumerate(rows):
        row.sort_order = place
    return rows


def required(message: Any) -> ValidationError:
    """Something is missing rather than wrong: it stops a publication, but not the saving of a draft."""
    return ValidationError(message, code="required")


def tabs(content: list[Panel], facts: list[Panel], *others: Panel) -> TabbedInterface:
    """The tabs of every page's edit view: what it says, the facts behind it, what search engines see, publication."""
    return TabbedInterface(
        [
            ObjectList(content, heading=_("Content")),
            *others,
            ObjectList(facts, heading=_("Facts")),
            ObjectList(BasePage.promote_panels, heading=_("Promotion")),
            ObjectList(BasePage.settings_panels, heading=_("Publication")),
        ]
    )
