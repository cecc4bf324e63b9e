"""Practices as schema.org things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.core.structured_data import Thing, organisation, work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from practices.models import PracticePage


def describe_practice(page: PracticePage, context: Mapping[str, Any]) -> Thing:
    lead = page.lead_organisation
    return work("Article", page, context, headline=page.title, sourceOrganization=organisation(lead) if lead else None)
