"""The bytes of a file as text."""

from __future__ import annotations

import re

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cms.translation.exchange.problems import refusal

MAX_BYTES = 5 * 1024 * 1024  # a long page takes a hundredth of it
# Tabs and ends of lines aside. Programs for translators write none of these, and no text for people needs them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def text_of(data: bytes) -> str:
    """The text of a file, without a byte order mark. Raises `ExchangeError` where it is no plain UTF-8 text."""
    if len(data) > MAX_BYTES:
        limit = filesizeformat(MAX_BYTES)
        raise refusal(
            _("The file is larger than %(limit)s. Export the page again and use that file.") % {"limit": limit}
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refusal(_("The file is not UTF-8 text. Save it with the encoding UTF-8."), line) from error
    if not text.strip():
        raise refusal(_("The file is empty. Export the page again and use that file."))
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        facts = {"code": f"U+{ord(found[0]):04X}"}
        raise refusal(_("There is a control character (%(code)s) here. Remove it.") % facts, line)
    return text


def in_one_line(text: str) -> str:
    """A text for comments and notes: without ends of lines and characters that no file may hold."""
    return " ".join(re.sub(r"[\x00-\x1f\ufffe\uffff]", " ", text).split())
