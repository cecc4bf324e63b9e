"""Parts of practices as public JSON."""

import datetime

from typing_extensions import TypedDict

from cms.core.shapes import Label


class AdaptationJSON(TypedDict):
    """Who reused a practice, and what came of it."""

    country: Label
    status: Label
    start: datetime.date | None
    end: datetime.date | None
    changed: str
    result: str
    supported_by_hub: bool
    confirmed_by_origin: bool
    evidence_url: str
