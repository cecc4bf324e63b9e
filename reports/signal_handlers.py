from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from wagtail.signals import page_published

from reports import services
from reports.models import CountryReportPage


def connect() -> None:
    page_published.connect(fix_published, sender=CountryReportPage, dispatch_uid="fix the figures of a report")
    post_delete.connect(forget_deleted, sender=CountryReportPage, dispatch_uid="forget the figures of a report")


def fix_published(instance: Any, **kwargs: Any) -> None:
    services.fix_figures(instance)


def forget_deleted(instance: Any, **kwargs: Any) -> None:
    services.forget_figures(instance)
