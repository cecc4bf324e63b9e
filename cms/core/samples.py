"""Content for the style guide: real pages where there are any, invented facts for everything else."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cms.core.links import rows_to
from cms.core.querysets import active_locale, public_pages

ROWS = 3
ORNAMENTS = 24


class SampleForm(forms.Form):
    """One field of each kind; validated without values, so that every error shows."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, help_text=gettext_lazy("What you would call it in one line.")
    )
    text = forms.CharField(
        label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[("planned", gettext_lazy("Planned")), ("pilot", gettext_lazy("Pilot"))],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(label=gettext_lazy("I have read how my data are used."))


def sample_option(label: str, count: int, *, is_selected: bool = False) -> SimpleNamespace:
    return SimpleNamespace(value=label, label=label, count=count, is_selected=is_selected, url="?")


def sample_listing() -> SimpleNamespace:
    """What the components of a list read of a search.listings.Listing."""
    themes = [sample_option(_("Social protection"), 12, is_selected=True), sample_option(_("Crisis management"), 7)]
    page = SimpleNamespace(number=2, has_other_pages=True)
    return SimpleNamespace(
        facets=[SimpleNamespace(name="theme", label=_("Theme"), options=themes, selected=themes[:1])],
        chips=themes[:1],
        sorts=[sample_option(_("Newest first"), 0, is_selected=True), sample_option(_("By title"), 0)],
        sort="newest",
        total=41,
        page=page,
        previous_url="?page=1",
        next_url="?page=3",
        page_links=[("?page=1", 1), ("?page=2", 2), ("?page=3", 3), ("", None), ("?page=9", 9)],
        query_string="",
    )


def sample_recommendations() -> list[SimpleNamespace]:
    states = [
        ("new", pgettext("recommendation", "New")),
        ("in-progress", pgettext("recommendation", "In progress")),
        ("done", pgettext("recommendation", "Done")),
        ("declined", pgettext("recommendation", "Declined")),
    ]
    return [
        SimpleNamespace(
            pk=number,
            text=_("Publish every month how long people wait at each service centre."),
            follow_up=code,
            get_follow_up_display=label,
            addressees=[_("Ministries"), _("Local government")],
            get_priority_display=_("High"),
            deadline=datetime.date(2027, 12, 31),
            note=_("Eleven of seventeen regions publish since March.") if code == "in-progress" else "",
        )
        for number, (code, label) in enumerate(states)
    ]


def style_guide_context() -> dict[str, Any]:
    newest = public_pages().filter(locale=active_locale(), depth__gt=3)
    pages = rows_to(newest.order_by("-first_published_at").values_list("pk", flat=True)[:ROWS])
    form = SampleForm({})
    form.is_valid()
    return {
        "pages": pages,
        "form": form,
        "listing": sample_listing(),
        "recommendations": sample_recommendations(),
        "series": SimpleNamespace(segments=["2,28 20,24 38,25 56,14 74,16", "92,10 118,5"], end_x=118, end_y=5),
        "links": [{"title": _("Rules for candidates"), "url": "https://example.org/rules"}],
        "ornament_keys": [(f"sample {number}", f"theme {number % 7}") for number in range(ORNAMENTS)],
    }
