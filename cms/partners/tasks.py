from __future__ import annotations

import time

from django_tasks import task

from cms.partners.models import Allowance


@task()
def forget_counts() -> None:
    """Delete the counts of windows that are over; who they were of is not needed any more."""
    Allowance.objects.filter(until__lt=int(time.time())).delete()
