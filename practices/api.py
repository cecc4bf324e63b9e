"""What practices add to the public API: by what lists of pages are narrowed, and how their parts are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects

from cms.api.parameters import codes
from cms.api.registries import PageFilter, register_page_filter, register_page_loader, register_shapes
from practices.models import PracticeAdaptation, PracticePage
from practices.shapes import AdaptationJSON
from taxonomy.api.filters import keys
from taxonomy.api.serialisers import concepts_of
from taxonomy.choices import Scheme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEVEL = codes(
    "level",
    "Only practices at some of these levels of government.",
    lambda: concepts_of(Scheme.LEVEL),
    example="national",
)


def together(relation: str) -> Callable[[Sequence[Any]], None]:
    """Load a relation of many pages."""
    return lambda pages: prefetch_related_objects(pages, relation)


def load_adaptations(pages: Sequence[Any]) -> None:
    keys = {page.translation_key for page in pages}
    found: dict[Any, list[PracticeAdaptation]] = {key: [] for key in keys}
    for adaptation in PracticeAdaptation.objects.filter(practice__translation_key__in=keys).with_facts():
        found[adaptation.practice.translation_key].append(adaptation)
    for page in pages:
        page.loaded_adaptations = found[page.translation_key]


def register() -> None:
    register_shapes(AdaptationJSON)
    register_page_filter(PageFilter(LEVEL, PracticePage.levels.through, "practicepage", "concept", keys, share=0.3))
    register_page_loader(PracticePage, "adaptations", load_adaptations)
    register_page_loader(PracticePage, "functions_of_government", together("functions"))
    register_page_loader(PracticePage, "sustainable_development_goals", together("sdg_targets"))
