from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.languages import content_languages
from cms.users.choices import BY_COUNTRY, BY_LANGUAGE, Role


@dataclass(frozen=True)
class Scopes:
    """Of what a member of staff is in charge: ids of countries, and codes of languages."""

    countries: frozenset[int] = frozenset()
    translated: frozenset[str] = frozenset()
    reviewed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.countries or self.languages)

    @property
    def languages(self) -> frozenset[str]:
        return self.translated | self.reviewed


class User(AbstractUser):
    """A member of staff. Readers have no accounts."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Another account uses this e-mail address.")},
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def clean(self) -> None:
        """As Django, which lowers the domain alone: two accounts cannot differ by the letter case of an address."""
        super().clean()
        self.email = self.email.lower()

    @cached_property
    def scopes(self) -> Scopes:
        """Read once for each object that stands for the account, as its permissions are."""
        if not self.is_active or self.is_superuser or self.pk is None:
            return Scopes()
        rows = list(self.assignments.values_list("role", "country", "language"))
        return Scopes(
            frozenset(country for role, country, _language in rows if role == Role.FOCAL_POINT),
            frozenset(language for role, _country, language in rows if role == Role.TRANSLATOR),
            frozenset(language for role, _country, language in rows if role == Role.TRANSLATION_REVIEWER),
        )


class RoleAssignment(models.Model):
    """A role that somebody has: for one country, for one language, or for the whole site."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    country = models.ForeignKey(
        "taxonomy.Country",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("country"),
    )
    language = models.CharField(_("language"), max_length=10, choices=content_languages, blank=True)

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "language"], condition=models.Q(country=None), name="role_once"
            ),
            models.UniqueConstraint(fields=["user", "role", "country"], name="role_once_per_country"),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())

    @property
    def described(self) -> str:
        """The role and what it is for, by their codes: for the log, which outlives names."""
        return " ".join(part for part in (self.role, self.country.code if self.country else "", self.language) if part)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if (self.role in BY_COUNTRY) != bool(self.country_id):
            errors["country"] = _("A country belongs to the role of a focal point, and to no other.")
        if (self.role in BY_LANGUAGE) != bool(self.language):
            errors["language"] = _(
                "A language belongs to the roles of translators and their reviewers, and to no other."
            )
        if errors:
            raise ValidationError(errors)
