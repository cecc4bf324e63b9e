from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import TranslatableField

from cms.core.fields import VocabularyKey, synchronised
from cms.core.models import BasePage, required, tabs
from cms.core.serialisers import ChoiceField, DocumentField, LabelledField
from cms.core.serialisers import RichTextField as RichTextSerialiser
from cms.languages import interface_languages
from news.choices import EventKind, EventMode, EventStatus, MaterialKind, NewsKind, NextStep
from news.querysets import EventManager, NewsManager
from news.search import EVENT_FACETS, NEWS_FACETS
from search.listings import FacetedIndexMixin

if TYPE_CHECKING:
    from django.http import HttpRequest


PINNED = 3


class NewsIndexPage(FacetedIndexMixin, BasePage):
    """News and announcements, newest first."""

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.NewsPage"]
    template = "news/news_index_page.html"
    facets = NEWS_FACETS

    edit_handler = tabs(BasePage.content_panels, BasePage.facts_panels)

    class Meta:
        verbose_name = _("list of news")

    def listed_pages(self) -> Any:
        return NewsPage.objects.for_readers(self.locale.language_code)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Pinned announcements stand above the list as it is entered; once it is narrowed or turned, they do not."""
        context = super().get_context(request, *args, **kwargs)
        context["pinned"] = [] if request.GET else list(self.listed_pages().pinned().newest()[:PINNED])
        return context


class NewsPage(BasePage):
    """A news item, or an announcement that is valid for a time."""

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "news/news_page.html"

    kind = models.CharField(_("kind"), max_length=20, choices=NewsKind.choices, default=NewsKind.NEWS)
    date = models.DateField(_("date"), null=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("A pinned announcement stands above the others while it is valid.")
    )
    action_url = models.URLField(_("action link"), blank=True)
    action_label = models.CharField(_("text of the action link"), max_length=80, blank=True)

    objects = NewsManager()

    facts_panels: list[Panel] = [
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("date")], heading=_("Kind and date")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                FieldPanel("is_pinned"),
                FieldRowPanel([FieldPanel("action_url"), FieldPanel("action_label")]),
            ],
            heading=_("Announcement"),
        ),
        *BasePage.facts_panels,
    ]
    edit_handler = tabs(BasePage.content_panels, facts_panels)
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *synchronised("kind", "date", "valid_from", "valid_until", "is_pinned", "action_url"),
    ]

    search_fields = [*BasePage.search_fields, index.FilterField("date")]

    api_fields = [
        *BasePage.api_fields,
        APIField("kind", serializer=ChoiceField()),
        APIField("date"),
        APIField("valid_from"),
        APIField("valid_until"),
        APIField("is_pinned"),
        APIField("action_url"),
        APIField("action_label"),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        # By which lists are narrowed: much less to read than whole rows.
        indexes = [models.Index(name="news_narrowed", fields=["kind", "date", "is_pinned", "page_ptr"])]

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The announcement cannot end before it begins.")})
        if self.action_url and not self.action_label:
            raise ValidationError({"action_label": required(_("Say what the link does, for example “Register”."))})

    @property
    def is_announcement(self) -> bool:
        return self.kind == NewsKind.ANNOUNCEMENT

    @property
    def is_expired(self) -> bool:
        return bool(self.valid_until and self.valid_until < timezone.localdate())


class EventIndexPage(FacetedIndexMixin, BasePage):
    """Events: the coming ones first, then those that were."""

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.EventPage"]
    template = "news/event_index_page.html"
    facets = EVENT_FACETS

    edit_handler = tabs(BasePage.content_panels, BasePage.facts_panels)

    class Meta:
        verbose_name = _("list of events")

    def listed_pages(self) -> Any:
        return EventPage.objects.for_readers(self.locale.language_code)


@cache
def time_zones() -> list[tuple[str, str]]:
    """Names of all zones; asked for at every validation, and each time read from the disk if it were not kept."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]


class EventPage(BasePage):
    """An event that people attend online or in person."""

    parent_page_types = ["news.EventIndexPage"]
    subpage_types: list[str] = []
    template = "news/event_page.html"

    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices, default=EventKind.WEBINAR)
    start = models.DateTimeField(_("start"), null=True, help_text=_("In the time zone of your account."))
    end = models.DateTimeField(_("end"), null=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        choices=time_zones,
        default="Asia/Almaty",
        help_text=_("Readers see the times in this zone and in their own."),
    )
    mode = models.CharField(_("mode"), max_length=20, choices=EventMode.choices, default=EventMode.ONLINE)
    place = models.CharField(
        _("place"), max_length=255, blank=True, help_text=_("Required unless the event is online.")
    )
    registration_url = models.URLField(_("registration"), blank=True)
    registration_opens = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes = models.DateTimeField(_("registration closes"), null=True, blank=True)
    join_url = models.URLField(
        _("join link"), blank=True, help_text=_("Sent to those who registered; never shown to the public.")
    )
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    status = models.CharField(_("state"), max_length=20, choices=EventStatus.choices, default=EventStatus.PLANNED)
    agenda = RichTextField(_("agenda"), blank=True)

    objects = EventManager()

    content_panels: list[Panel] = [
        *BasePage.intro_panels,
        BasePage.cover_panel,
        FieldPanel("agenda"),
        FieldPanel("body"),
    ]
    facts_panels: list[Panel] = [
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("status")], heading=_("Kind and state")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("start"), FieldPanel("end")]), FieldPanel("time_zone")], heading=_("When")
        ),
        MultiFieldPanel([FieldPanel("mode"), FieldPanel("place"), FieldPanel("capacity")], heading=_("Where")),
        InlinePanel("languages", heading=_("Languages"), label=_("Language")),
        MultiFieldPanel(
            [
                FieldPanel("registration_url"),
                FieldRowPanel([FieldPanel("registration_opens"), FieldPanel("registration_closes")]),
                FieldPanel("join_url"),
            ],
            heading=_("Registration"),
        ),
        *BasePage.facts_panels,
    ]
    people_panels: list[Panel] = [
        InlinePanel("speakers", heading=_("Speakers"), label=_("Speaker")),
        InlinePanel("materials", heading=_("Materials"), label=_("Material")),
    ]
    edit_handler = tabs(content_panels, facts_panels, ObjectList(people_panels, heading=_("Speakers and materials")))
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *synchronised(
            "kind",
            "start",
            "end",
            "time_zone",
            "mode",
            "registration_url",
            "registration_opens",
            "registration_closes",
            "join_url",
            "capacity",
            "status",
            "languages",
            "materials",
        ),
    ]

    search_fields = [*BasePage.search_fields, index.SearchField("agenda"), index.FilterField("start")]

    api_fields = [
        *BasePage.api_fields,
        APIField("kind", serializer=ChoiceField()),
        APIField("status", serializer=ChoiceField()),
        APIField("mode", serializer=ChoiceField()),
        APIField("start"),
        APIField("end"),
        APIField("time_zone"),
        APIField("place"),
        APIField("registration_url"),
        APIField("capacity"),
        APIField("agenda", serializer=RichTextSerialiser()),
        APIField("languages"),
        APIField("speakers"),
        APIField("materials"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        # By which lists are narrowed: much less to read than whole rows.
        indexes = [models.Index(name="events_narrowed", fields=["kind", "status", "mode", "start", "end", "page_ptr"])]

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.start and self.end and self.end <= self.start:
            errors["end"] = _("The event must end after it begins.")
        if self.mode != EventMode.ONLINE and not self.place:
            errors["place"] = required(_("Say where the event takes place."))
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["materials"] = self.materials.select_related("document")
        return context

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def local_start(self) -> Any:
        """The start in the event's own time zone."""
        return self.start.astimezone(self.zone) if self.start else None

    @property
    def local_end(self) -> Any:
        return self.end.astimezone(self.zone) if self.end else None

    @property
    def is_past(self) -> bool:
        return bool(self.end and self.end < timezone.now())

    @property
    def local_registration_opens(self) -> Any:
        return self.registration_opens.astimezone(self.zone) if self.registration_opens else None

    @property
    def local_registration_closes(self) -> Any:
        return self.registration_closes.astimezone(self.zone) if self.registration_closes else None

    @property
    def next_step(self) -> NextStep:
        """What a reader can do now: the clock decides where the state has not been kept up to date."""
        now = timezone.now()
        if self.status == EventStatus.CANCELLED:
            return NextStep.CANCELLED
        if self.is_past or self.status == EventStatus.HELD:
            return NextStep.WATCH if self.materials.all() else NextStep.OVER
        if self.start and self.start <= now:
            return NextStep.JOIN
        if self.status == EventStatus.FULL:
            return NextStep.FULL
        if self.status == EventStatus.CLOSED or (self.registration_closes and self.registration_closes < now):
            return NextStep.CLOSED
        has_opened = self.registration_opens is None or self.registration_opens <= now
        return NextStep.REGISTER if self.status == EventStatus.OPEN and has_opened else NextStep.WAIT


class EventLanguage(Orderable):
    event = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    is_interpretation = models.BooleanField(_("interpretation"), default=False)

    panels = [FieldRowPanel([FieldPanel("language"), FieldPanel("is_interpretation")])]
    api_fields = [APIField("language"), APIField("is_interpretation")]


class EventSpeaker(TranslatableMixin, Orderable):
    event = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=160, blank=True)
    role = models.CharField(_("position"), max_length=255, blank=True)
    organisation = VocabularyKey(
        "taxonomy.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )

    panels = [FieldPanel("name"), FieldPanel("role"), FieldPanel("organisation")]
    override_translatable_fields = [*synchronised("organisation"), TranslatableField("name")]
    api_fields = [APIField("name"), APIField("role"), APIField("organisation", serializer=LabelledField())]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def clean(self) -> None:
        super().clean()
        if not self.name and not self.role:
            raise ValidationError({"name": _("Give the speaker's name or position.")})


class EventMaterial(Orderable):
    """Slides, a recording or a transcript in one language: a link or a file."""

    event = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="materials")
    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    kind = models.CharField(_("kind"), max_length=20, choices=MaterialKind.choices)
    title = models.CharField(_("title"), max_length=255)
    url = models.URLField(_("address"), blank=True)
    document = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("file"),
    )

    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
        FieldPanel("title"),
        FieldPanel("url"),
        FieldPanel("document"),
    ]
    api_fields = [
        APIField("kind"),
        APIField("language"),
        APIField("title"),
        APIField("url"),
        APIField("document", serializer=DocumentField()),
    ]

    def clean(self) -> None:
        super().clean()
        if not self.url and not self.document_id:
            raise ValidationError({"url": _("Give an address or choose a file.")})

    @property
    def href(self) -> str:
        return str(self.url or (self.document.url if self.document else ""))
