"""Which answers may be kept for the next reader (see `cms.delivery.middleware`): those of which a view says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cms.core import memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

View = TypeVar("View", bound="Callable[..., Any]")
LEFT_OUT = "left out"


def may_keep(view: View) -> View:
    """Mark a view of which some answers may be kept, if it calls `allow` for them."""
    marked: Any = view
    marked.may_keep = True
    return view


def is_marked(view: Any) -> bool:
    return getattr(view, "may_keep", False)


def allow(response: Any) -> None:
    """Say of an answer that it is the same for everybody: it follows the content, the address and the clock alone."""
    response.may_be_kept = True


def is_allowed(response: HttpResponseBase) -> bool:
    return getattr(response, "may_be_kept", False) and LEFT_OUT not in memory.objects()


def leave_out() -> None:
    """Say that the present answer shows a failure that may be over the next time, so that it is not kept."""
    memory.objects()[LEFT_OUT] = True
