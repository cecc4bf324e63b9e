from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.languages import content_languages
from cms.users.choices import BY_COUNTRY, BY_LANGUAGE, BY_TYPE, Role


@dataclass(frozen=True)
class Scopes:
    """Of what a member of staff is in charge: ids of countries, codes of languages, roles that have types of page."""

    countries: frozenset[int] = frozenset()
    translated: frozenset[str] = frozenset()
    reviewed: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.countries or self.languages or self.roles)

    @property
    def languages(self) -> frozenset[str]:
        return self.translated | self.reviewed


def normalised(password: str | None) -> str | None:
    """One form for letters that keyboards make in several ways, such as й in one character or in two."""
    return None if password is None else unicodedata.normalize("NFKC", password)


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

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(normalised(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(normalised(raw_password))

    @property
    def is_invited(self) -> bool:
        """Whether there is an invitation that was not accepted yet."""
        invitation = getattr(self, "invitation", None)
        return invitation is not None and invitation.accepted_at is None

    @property
    def display_name(self) -> str:
        """How others read of somebody: never the user name, which nobody chooses."""
        return self.get_full_name() or self.email

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
            frozenset(role for role, _country, _language in rows if role in BY_TYPE),
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

    @property
    def in_words(self) -> str:
        """The role and what it is for, as people say it, in the active language."""
        names = {code: str(name) for code, name in content_languages()}
        scope = str(self.country.label) if self.country else names.get(self.language, self.language)
        return f"{self.get_role_display()}: {scope}" if scope else str(self.get_role_display())


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


class Invitation(models.Model):
    """The invitation of somebody to choose a password. There is one for an account; sent again, it gets a new link."""

    SALT = "cms.users.invitation"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation", verbose_name=_("account"))
    invited_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("invited by")
    )
    nonce = models.CharField(max_length=30, default=new_nonce, editable=False)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.user.email

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def token(self) -> str:
        """What stands in the link. It is signed: what the database holds is not enough to make one."""
        return signing.dumps([self.pk, self.nonce], salt=self.SALT)
