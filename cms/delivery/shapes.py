"""What the change feed and webhooks tell, as public JSON."""

import datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from cms.delivery.choices import Operation


class Change(TypedDict):
    """What happened to an object."""

    version: Annotated[int, "Rises from one change to the next, not always by one."]
    operation: Annotated[str, {"enum": [str(one) for one in Operation.values]}]
    kind: Annotated[str, "The endpoint at which the object stands."]
    type: Annotated[str, "As in `meta.type` of the object."]
    id: int
    uid: Annotated[UUID | None, "The same in every language."]
    locale: str
    etag: Annotated[str, "Of the object as it was then; empty of what was withdrawn."]
    changed_at: datetime.datetime
    payload: NotRequired[Annotated[Any, "The object; null where it has changed again since, or is not public."]]
