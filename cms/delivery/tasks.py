"""What a worker does for the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cms.background.backends import background_task


# Each step is a transaction of its own: what is done of a large change is there for readers, and stays done.
@background_task(_("Write to the published ledger what has changed"), atomic=False)
def settle_marks() -> None:
    from cms.delivery.services import begin, settle, wake

    begin()
    settle()
    wake()


@background_task(_("Deliver a webhook"), atomic=False)
def deliver(pk: int) -> None:
    from cms.delivery.webhooks.services import deliver_due

    deliver_due(pk)


@background_task(_("Tell caches in front of the site what has changed"), atomic=False)
def purge() -> None:
    from cms.delivery.purging.services import purge_due

    purge_due()


@background_task(_("Throw away old records of webhooks"))
def prune_deliveries() -> None:
    from cms.delivery.webhooks.services import prune

    prune()
