from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


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
