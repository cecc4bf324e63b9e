"""The ledger of what is public: what is so now, and in which order it became so.

A change leaves marks in its own transaction. They are settled right after it: what they concern is represented anew,
and what differs from before gets the next version. See `docs/concepts/ledger.md`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.delivery.choices import Operation, Scope

LEDGER = 1


class Ledger(models.Model):
    """One row, which whoever writes holds locked: entries become visible in the order of their versions.

    Without the row nothing was ever settled, and nothing is read here.
    """

    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)


class Mark(models.Model):
    """Something was changed that may be public. Written in the transaction of the change."""

    scope = models.CharField(max_length=10, choices=Scope.choices)
    key = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Entry(models.Model):
    """A change of a public object. Never altered; the present representation of the object is in `Published`."""

    version = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    uid = models.UUIDField(null=True)
    type = models.CharField(max_length=100)
    locale = models.CharField(max_length=10, blank=True)
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

    `payload` is its complete public JSON but for `meta.parent`, which answers with details alone have and which is in
    `parent`. `card` is a digest of what other objects show of it.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    uid = models.UUIDField(null=True)
    type = models.CharField(max_length=100)
    locale = models.CharField(max_length=10, blank=True)
    version = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()
    is_public = models.BooleanField()
    etag = models.CharField(max_length=32, blank=True)
    card = models.CharField(max_length=32, blank=True)
    path = models.CharField(max_length=255, blank=True)
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
        return self.payload.replace('"meta":{', f'"meta":{{"parent":{self.parent},', 1) if self.parent else self.payload
