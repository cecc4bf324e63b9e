"""What a password must be: long, and nothing that somebody would try first (NIST SP 800-63B).

There are no rules of composition: they make passwords that are hard to remember and easy to guess.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from cms.users.models import User

# Neighbours on the keyboards that are in use here, in both directions.
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "әіңғүұқөһ")
ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя")
LINES = tuple(line * 2 for line in (*ROWS, *ALPHABETS, *(line[::-1] for line in (*ROWS, *ALPHABETS))))
# A run of this many neighbours counts as one character.
RUN = 4
ENOUGH = 6


class LengthValidator(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return ngettext(
            "The password is too short. It needs at least %(number)d character.",
            "The password is too short. It needs at least %(number)d characters.",
            self.min_length,
        ) % {"number": self.min_length}

    def get_help_text(self) -> str:
        return ngettext(
            "At least %(number)d character. Spaces and all alphabets are welcome: several words make a good password.",
            "At least %(number)d characters. Spaces and all alphabets are welcome: several words make a good password.",
            self.min_length,
        ) % {"number": self.min_length}


class OwnWordsValidator(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("The password is too similar to your name or e-mail address.")

    def get_help_text(self) -> str:
        return _("Not similar to your name or e-mail address.")


class CommonValidator(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Many people use this password, so it is among the first to be tried.")

    def get_help_text(self) -> str:
        return _("None that many people use.")


class PatternValidator:
    """Refuse repetitions, rows of a keyboard or an alphabet, and the name of the platform with little around it."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(set(condensed(password))) < ENOUGH or len(condensed(password)) < ENOUGH:
            raise ValidationError(self.get_error_message(), code="password_pattern")

    def get_error_message(self) -> str:
        return _("The password is easy to guess: it repeats itself, is in order, or is the name of the platform.")

    def get_help_text(self) -> str:
        return _("No repetition, no characters in the order of the alphabet or the keyboard, no name of the platform.")


def condensed(password: str) -> str:
    """What is left to guess: without words of the platform's name, runs of neighbours and repetitions."""
    text = password.casefold()
    for word in re.findall(r"\w{4,}", settings.WAGTAIL_SITE_NAME.casefold()):
        text = text.replace(word, "")
    text = without_runs(text)
    return re.sub(r"(.+?)\1+", r"\1", text, flags=re.DOTALL)


def without_runs(text: str) -> str:
    kept, start = "", 0
    while start < len(text):
        end = start + 1
        while end < len(text) and any(text[start : end + 1] in line for line in LINES):
            end += 1
        kept += text[start] if end - start >= RUN else text[start:end]
        start = end
    return kept
