from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.users.mails import address, send

if TYPE_CHECKING:
    from datetime import datetime

    from cms.delivery.models import Subscription


def tell_parked(subscription: Subscription, since: datetime) -> None:
    """Tell the owner that nothing is delivered any more; nobody where the owner is gone."""
    owner = subscription.owner
    if owner is None or not owner.is_active:
        return

    def context() -> dict[str, Any]:
        return {
            "subject": _("Webhook parked: %(name)s") % {"name": subscription.name},
            "subscription": subscription,
            "since": date_format(since, "DATETIME_FORMAT"),
            "link": address("webhooks:inspect", subscription.pk),
        }

    send(owner, "webhook_parked", context)
