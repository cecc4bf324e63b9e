"""The ledger of what is public: what is so now, and in which order it became so.

A change leaves marks in its own transaction. They are settled right after it: what they concern is represented anew,
and what differs from before gets the next version. See `docs/concepts/ledger.md`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.core.fields import SecretField, VocabularyKey
from cms.delivery.choices import Operation, Scope, SubscriptionState
from cms.delivery.lines import whole
from cms.languages import content_languages

LEDGER = 1


class Ledger(models.Model):
    """One row, which whoever writes holds locked: entries become visible in the order of their versions.

    Without the row nothing was ever settled, and nothing is read here.
    """

    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)


class MarkQuerySet(models.QuerySet["Mark"]):
    def fresh(self) -> MarkQuerySet:
        """Those that nobody has tried to settle."""
        return self.filter(next_at=None)

    def due(self) -> MarkQuerySet:
        """Those to settle now: fresh ones, and those that failed and have waited."""
        return self.filter(Q(next_at=None) | Q(next_at__lte=timezone.now()))


class Mark(models.Model):
    """Something was changed that may be public. Written in the transaction of the change.

    `next_at` is when an object is tried again that could not be represented, `attempts` how often that has failed.
    """

    scope = models.CharField(max_length=10, choices=Scope.choices)
    key = models.CharField(max_length=150, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    objects = MarkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Entry(models.Model):
    """A change of a public object. Never altered; the present representation of the object is in `Published`.

    `countries` are the codes of those that it is about, or was about before, as `,KZ,GE,`.
    """

    version = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    uid = models.UUIDField(null=True)
    type = models.CharField(max_length=100)
    locale = models.CharField(max_length=10, blank=True)
    countries = models.CharField(max_length=1000, blank=True)
    operation = models.CharField(max_length=10, choices=Operation.choices)
    etag = models.CharField(max_length=32, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        ordering = ("version",)

    def __str__(self) -> str:
        return f"{self.version}: {self.type} {self.object_id} {self.operation}"


class Published(models.Model):
    """The present state of an object that is public, or once was: then it has its ids and no content.

    `payload` is its complete public JSON, each field on a line of its own, but for `meta.parent`, which answers with
    details alone have and which is in `parent`. `card` is a digest of what other objects show of it, `files` the keys
    of what is public because it shows it. Not current is what could not be represented when it was changed: partners
    keep it as it was, and the API does not answer from it.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    uid = models.UUIDField(null=True)
    type = models.CharField(max_length=100)
    locale = models.CharField(max_length=10, blank=True)
    countries = models.CharField(max_length=1000, blank=True)
    version = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()
    is_public = models.BooleanField()
    is_current = models.BooleanField(default=True)
    etag = models.CharField(max_length=32, blank=True)
    card = models.CharField(max_length=32, blank=True)
    path = models.CharField(max_length=255, blank=True)
    files = models.TextField(blank=True)
    payload = models.TextField(blank=True)
    parent = models.TextField(blank=True)

    class Meta:
        verbose_name = _("published object")
        verbose_name_plural = _("published objects")
        constraints = (models.UniqueConstraint(name="published_once", fields=("kind", "object_id")),)

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"

    @property
    def whole(self) -> str:
        """The complete public JSON."""
        return whole(self.payload, self.parent)


class Listing(models.Model):
    """By what lists of public pages are narrowed and ordered: a short row for each page that the API answers from.

    `id` is that of the page, and the others have the names of its fields, so that filters of pages fit. `brief` is what
    a list shows of it where nobody asks for more, as JSON.
    """

    id = models.IntegerField(primary_key=True)
    type = models.CharField(max_length=100)
    locale = models.CharField(max_length=10)
    path = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    slug = models.CharField(max_length=255)
    first_published_at = models.DateTimeField(null=True)
    last_published_at = models.DateTimeField(null=True)
    brief = models.TextField()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        indexes = (
            models.Index(name="listed_by_path", fields=("path", "type", "locale", "id")),
            models.Index(name="listed_by_type", fields=("type", "path", "locale", "id")),
            models.Index(name="listed_by_type_date", fields=("type", "first_published_at", "path", "locale", "id")),
            models.Index(name="listed_by_language", fields=("type", "locale", "path", "id")),
            models.Index(name="listed_by_title", fields=("title", "type", "locale", "path", "id")),
            models.Index(name="listed_by_date", fields=("first_published_at", "type", "locale", "path", "id")),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class Heading(models.Model):
    """What a page of `Listing` is found under besides: a row for each country, theme or whatever else narrows lists.

    `name` is that of the filter, `key` that of the row which it names. The rest is that of the page, so that the index
    alone has the pages of a country in the order of lists, with their number.
    """

    name = models.CharField(max_length=20)
    key = models.BigIntegerField()
    page = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="headings", db_index=False)
    type = models.CharField(max_length=100)
    locale = models.CharField(max_length=10)
    path = models.CharField(max_length=255)
    first_published_at = models.DateTimeField(null=True)
    last_published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("heading")
        verbose_name_plural = _("headings")
        constraints = (models.UniqueConstraint(fields=("page", "name", "key"), name="heading_once"),)
        indexes = (
            models.Index(
                name="listed_under",
                fields=("name", "key", "type", "path", "locale", "first_published_at", "last_published_at", "page"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.key}: {self.page_id}"


class PurgeQuerySet(models.QuerySet["Purge"]):
    def due(self) -> PurgeQuerySet:
        """Those to purge now: new ones, and those that failed and have waited."""
        return self.filter(Q(next_at=None) | Q(next_at__lte=timezone.now()))


class Purge(models.Model):
    """Addresses of which caches in front of the site still have to be told that they have changed.

    Written in the transaction of the change. `next_at` is when it is tried again, `attempts` how often it has failed.
    """

    addresses = models.JSONField()
    noted_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    objects = PurgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")

    def __str__(self) -> str:
        return ", ".join(self.addresses)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def due(self) -> SubscriptionQuerySet:
        """Those to which something may be delivered now, as far as only time counts."""
        now = timezone.now()
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        ripe = Q(next_at=None) | Q(next_at__lte=now)
        return self.filter(free, ripe, state=SubscriptionState.ACTIVE)


class Subscription(models.Model):
    """Where entries of the ledger are delivered: a position in it, and which entries.

    `failing_since` is when the first of the attempts failed that have failed ever since; `leased_until` until when a
    worker has the subscription in hand. While a secret is replaced, the one before it signs as well.
    """

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(
        _("address"), max_length=500, help_text=_("Begins with https://. Changes are sent to it as JSON, one by one.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who is told when nothing can be delivered for three days."),
    )
    kind = models.CharField(_("kind of objects"), max_length=20, blank=True)
    type = models.CharField(_("type of content"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, choices=content_languages)
    country = VocabularyKey(
        "taxonomy.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("country")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SubscriptionState.choices, default=SubscriptionState.ACTIVE
    )
    position = models.BigIntegerField(_("delivered up to version"), default=0, editable=False)
    secret = SecretField(editable=False)
    previous_secret = SecretField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def entries(self) -> models.QuerySet[Entry]:
        """What is still to be delivered, in its order."""
        facts = {"kind": self.kind, "type": self.type, "locale": self.language}
        found = Entry.objects.filter(version__gt=self.position, **{name: one for name, one in facts.items() if one})
        country = self.country if self.country_id else None
        return found.filter(countries__contains=f",{country.code},") if country else found


class Delivery(models.Model):
    """An attempt to deliver something: what became of it. `status` is empty where there was no answer."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    version = models.BigIntegerField(_("version"), null=True)
    sent_at = models.DateTimeField(_("sent"), db_index=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-sent_at", "-pk")

    def __str__(self) -> str:
        return f"{self.version} {self.sent_at:%Y-%m-%d %H:%M:%S}"
