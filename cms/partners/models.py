"""Keys of partners, what they were used for, and the counts by which requests are limited."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from cms.partners.choices import Scope
from cms.partners.forms import PartnerKeyForm

AT_LEAST_ONE = [MinValueValidator(1)]


def every_scope() -> list[str]:
    return list(Scope.values)


class PartnerKey(models.Model):
    """A key by which a partner reads more than the public may. Of the key itself only a digest is kept."""

    name = models.CharField(
        pgettext_lazy("thing", "name"), max_length=120, help_text=_("The partner, and what the key is used for.")
    )
    prefix = models.CharField(_("beginning of the key"), max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("for"), default=every_scope)
    rate = models.PositiveIntegerField(_("requests in a minute"), default=600, validators=AT_LEAST_ONE)
    quota = models.PositiveIntegerField(_("requests in a day"), default=50_000, validators=AT_LEAST_ONE)
    expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("Leave empty for a key that stays valid until it is revoked.")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    base_form_class = PartnerKeyForm

    panels = [
        FieldPanel("name"),
        FieldPanel("scopes"),
        MultiFieldPanel([FieldRowPanel([FieldPanel("rate"), FieldPanel("quota")])], heading=_("Limits")),
        FieldPanel("expires_at"),
    ]

    class Meta:
        verbose_name = _("partner key")
        verbose_name_plural = _("partner keys")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        unknown = set(self.scopes) - set(Scope.values)
        if unknown or not self.scopes:
            raise ValidationError({"scopes": _("Choose at least one part of the API.")})

    @property
    def state(self) -> Any:
        """In words."""
        if self.revoked_at:
            return _("Revoked")
        if self.expires_at and self.expires_at <= timezone.now():
            return _("Expired")
        return _("Valid")


class KeyUsage(models.Model):
    """How often a key was used on a day (UTC)."""

    key = models.ForeignKey(PartnerKey, on_delete=models.CASCADE, related_name="usage")
    day = models.DateField(_("day"))
    requests = models.PositiveIntegerField(_("answered"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)

    class Meta:
        verbose_name = _("use of a key")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="key_usage_once")]

    def __str__(self) -> str:
        return f"{self.key}, {self.day}"


class Allowance(models.Model):
    """How many requests of somebody the processes have set aside until a moment (seconds since 1970).

    `subject` is a key, or the digest of an address.
    """

    subject = models.CharField(max_length=64)
    until = models.BigIntegerField(db_index=True)
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "until"], name="allowance_once")]

    def __str__(self) -> str:
        return f"{self.subject} until {self.until}"
