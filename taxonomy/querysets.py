from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Q, Value, When

from cms.core.labels import LabelledManager, LabelledQuerySet
from cms.languages import interface_languages, reader_language, sort_key
from taxonomy.cldr import territory_names

if TYPE_CHECKING:
    from typing import Self


class CountryQuerySet(LabelledQuerySet):
    """Countries by their names, most of which stand in CLDR and not in the database."""

    def matching(self, text: str) -> Self:
        wanted = text.casefold()
        codes = {
            code
            for language, _name in interface_languages()
            for code, name in territory_names(language).items()
            if wanted in name.casefold()
        }
        return self.filter(Q(code__in=codes) | Q(pk__in=super().matching(text).values("pk")))

    def by_label(self) -> Self:
        language = reader_language()
        names = territory_names(language)
        labels = self.model.labels.rel.related_model.objects.filter(language=language)
        own = dict(labels.values_list("owner__code", "label"))
        codes = self.model.objects.prefetch_related(None).values_list("code", flat=True)
        ordered = sorted(codes, key=lambda code: sort_key(str(own.get(code) or names.get(code, code))))
        ranks = [When(code=code, then=Value(rank)) for rank, code in enumerate(ordered)]
        return self.annotate(label_order=Case(*ranks, default=Value(len(ranks)))).order_by("label_order")


CountryManager = LabelledManager.from_queryset(CountryQuerySet)
