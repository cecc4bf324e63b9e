"""Sentences of Django and Wagtail that readers of the public site meet, marked so that they enter this catalogue.

Wagtail has no Kazakh catalogue and Django's is partial; without these entries the contact form and the page behind a
password would answer a Kazakh reader in English. The project's catalogue takes precedence over theirs.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop, ngettext_lazy

FORM_ERRORS = (
    gettext_noop("This field is required."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)

GUARDED_PAGE = (
    gettext_noop("Password"),
    gettext_noop("The password you have entered is not correct. Please try again."),
)
