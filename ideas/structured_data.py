"""Published ideas as schema.org things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.core.structured_data import Thing, work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas.models import IdeaPage


def describe_idea(page: IdeaPage, context: Mapping[str, Any]) -> Thing:
    author = {"@type": "Person", "name": page.credit} if page.credit else None
    facts = {"author": author} if author else {}
    return work("CreativeWork", page, context, headline=page.title, identifier=page.number, **facts)
