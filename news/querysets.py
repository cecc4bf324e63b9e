from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, F, Q, When
from django.utils import timezone
from wagtail.models import PageManager

from cms.core.querysets import ContentQuerySet

if TYPE_CHECKING:
    from typing import Self


class NewsQuerySet(ContentQuerySet):
    def current(self) -> Self:
        """Without announcements whose time has passed or not yet come."""
        today = timezone.localdate()
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=today)).filter(
            Q(valid_from=None) | Q(valid_from__lte=today)
        )

    def pinned(self) -> Self:
        return self.current().filter(is_pinned=True)

    def newest(self) -> Self:
        return self.order_by("-date", "-first_published_at", "-pk")


class EventQuerySet(ContentQuerySet):
    def coming(self) -> Self:
        """Not over yet, the next one first."""
        return self.filter(end__gte=timezone.now()).order_by("start", "pk")

    def past(self) -> Self:
        return self.filter(end__lt=timezone.now()).order_by("-start", "-pk")

    def newest(self) -> Self:
        """The coming ones first, the next at the top; after them those that were, the latest at the top."""
        is_coming = Q(end__gte=timezone.now())
        return self.order_by(
            Case(When(is_coming, then=0), default=1), Case(When(is_coming, then=F("start"))), "-start", "-pk"
        )


NewsManager = PageManager.from_queryset(NewsQuerySet)
EventManager = PageManager.from_queryset(EventQuerySet)
