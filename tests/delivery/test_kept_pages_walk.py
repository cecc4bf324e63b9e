"""Whatever is done to pages and to what they show, in whatever order: what is kept is what would be made anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.delivery.services import settle
from tests.delivery.readers import Readers, asked, process
from tests.delivery.test_random_walks import BY_HAND, Walk, small, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["small"]

STEPS, BETWEEN = 15, 5
# The same walks each time; `KEPT_STEPS=2000` takes as many steps as that, and others each time.
EXAMPLES = int(os.environ.get("KEPT_STEPS", "45")) // STEPS


class Reading(Walk):
    """The walk, beside which readers look at all there is, before what was done is settled and after it."""

    def __init__(self) -> None:
        super().__init__()
        self.readers = Readers([process()])
        self.known: dict[str, None] = {}

    def addresses(self) -> Iterator[str]:
        """Of the pages that there are, and of those that there were a while ago."""
        found = [page.url for page in Page.objects.filter(depth__gt=1) if page.url]
        self.known = dict.fromkeys([*found, *list(self.known)[:6]])
        return iter(self.known)

    def look(self, *, settled: bool) -> None:
        for address in self.addresses():
            self.readers.see(address)
            if settled and self.readers.fresh.get(address).status_code == 200:
                kept = [asked(client, address) for client in self.readers.processes]
                assert all(queries == 1 for response, queries in kept if "ETag" in response), address


@given(walk=st.lists(steps, min_size=STEPS, max_size=STEPS))
@settings(
    deadline=None,
    max_examples=EXAMPLES,
    derandomize="KEPT_STEPS" not in os.environ,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_kept_is_what_would_be_made_anew_after_each_step(small: Any, db: None, walk: list[Any]) -> None:
    with disable_reference_index_auto_update(), override_settings(WAGTAILSEARCH_BACKENDS=BY_HAND), transaction.atomic():
        one = Reading()
        for number, (name, first, second, is_settled) in enumerate(walk, start=1):
            getattr(one, name)(first, second)
            note(f"{name} {first} {second}")
            if is_settled or number % BETWEEN == 0:
                one.look(settled=False)
                settle()
                one.look(settled=True)
        transaction.set_rollback(True)
