"""What reviewers gave an idea, and how far they agree."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from django.conf import settings

from ideas.choices import WIDE_SPREAD, WORST, Criterion

if TYPE_CHECKING:
    from ideas.models import Idea, IdeaReview


@dataclass(frozen=True)
class Row:
    """A criterion: what each reviewer gave, in the order of the reviews, the mean, and how far they are apart."""

    label: str
    scores: list[int]

    @property
    def mean(self) -> float:
        return mean(self.scores)

    @property
    def spread(self) -> int:
        return max(self.scores) - min(self.scores)

    @property
    def is_wide(self) -> bool:
        return self.spread >= WIDE_SPREAD


@dataclass(frozen=True)
class Summary:
    reviews: list[IdeaReview]
    aside: list[IdeaReview]

    @property
    def rows(self) -> list[Row]:
        """By criterion; none before somebody has judged."""
        if not self.reviews:
            return []
        return [
            Row(str(criterion.label), [getattr(review, criterion.value) or WORST for review in self.reviews])
            for criterion in Criterion
        ]

    @property
    def mean(self) -> float | None:
        return mean(row.mean for row in self.rows) if self.rows else None

    @property
    def missing(self) -> int:
        return max(0, settings.IDEAS_REVIEWS - len(self.reviews))


def summary(idea: Idea) -> Summary:
    """What all reviewers gave, in one query."""
    reviews = list(idea.reviews.select_related("reviewer"))
    return Summary(
        [review for review in reviews if not review.stood_aside], [review for review in reviews if review.stood_aside]
    )
