"""What reports say of the figures in their panel, as public JSON."""

import datetime
from typing import Annotated

from typing_extensions import TypedDict

from cms.core.shapes import Address


class FixedFigures(TypedDict):
    """The figures of an indicator, as a report shows them."""

    fixed_at: Annotated[datetime.datetime | None, "Since when they stay as they are; null where the newest are shown."]
    as_of: Annotated[datetime.datetime | None, "What was known at this moment is shown; null where nothing was."]
    url: Annotated[Address, "All that was known of the country of the report then."]
