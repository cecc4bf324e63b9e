from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WorkerQuerySet(models.QuerySet["WorkerProcess"]):
    def alive(self) -> WorkerQuerySet:
        """Workers that gave a sign of life lately."""
        return self.filter(seen_at__gt=timezone.now() - timedelta(seconds=settings.WORKER_LOST_AFTER))


class WorkerProcess(models.Model):
    """A process that does background work, and its last sign of life."""

    id = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class ScheduleState(models.Model):
    """When something that is done regularly is done next. The rows are locks as well: see `services.start_due`."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """A mail on its way. Once it is sent, its content is gone and only the fact stays, until it is pruned."""

    content = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")

    def __str__(self) -> str:
        return f"#{self.pk}"
