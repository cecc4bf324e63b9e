from practices.models.adaptations import AdaptationText, PracticeAdaptation
from practices.models.pages import PracticeIndexPage, PracticePage
from practices.models.parts import (
    PracticeFile,
    PracticeFunction,
    PracticeLink,
    PracticeResult,
    PracticeTarget,
)

__all__ = [
    "AdaptationText",
    "PracticeAdaptation",
    "PracticeFile",
    "PracticeFunction",
    "PracticeIndexPage",
    "PracticeLink",
    "PracticePage",
    "PracticeResult",
    "PracticeTarget",
]
