"""What reviewers make of an idea."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ideas.choices import BEST, WORST
from ideas.models.submissions import Idea

SCORES = [MinValueValidator(WORST), MaxValueValidator(BEST)]


class IdeaReview(models.Model):
    """The scores of one reviewer, from 1 to 5, higher is better; without scores, that the reviewer stood aside."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("idea"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("reviewer")
    )
    benefit = models.PositiveSmallIntegerField(_("benefit"), null=True, validators=SCORES)
    feasibility = models.PositiveSmallIntegerField(_("feasibility"), null=True, validators=SCORES)
    novelty = models.PositiveSmallIntegerField(_("novelty"), null=True, validators=SCORES)
    transferability = models.PositiveSmallIntegerField(_("use for others"), null=True, validators=SCORES)
    stood_aside = models.BooleanField(_("stood aside"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("review of an idea")
        verbose_name_plural = _("reviews of ideas")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["idea", "reviewer"], name="idea_reviewed_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"
