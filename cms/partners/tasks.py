from __future__ import annotations

import time

from django.utils.translation import gettext_lazy as _

from cms.background.backends import background_task
from cms.partners.models import Allowance


@background_task(_("Delete counts of requests"))
def forget_counts() -> None:
    """Delete the counts of windows that are over; who they were of is not needed any more."""
    Allowance.objects.filter(until__lt=int(time.time())).delete()
