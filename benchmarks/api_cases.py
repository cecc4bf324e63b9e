"""What the API is asked when it is measured: the same of Wagtail's own view and of ours, as far as that can be said."""

from __future__ import annotations

import random
from dataclasses import dataclass

STOCK, OURS = "/stock/v2/pages/", "/api/v2/pages/"
SAMPLE = 200
PRACTICES = "type=practices.PracticePage&limit=20"
SEVERAL = "status=operation&start_year=2020"


@dataclass(frozen=True)
class Case:
    """Requests of one kind. `stock` is empty where Wagtail's view has no such request.

    `is_kept` tells whether it is asked out of kept answers, too.
    """

    name: str
    ours: list[str]
    stock: list[str]
    is_list: bool = True
    is_kept: bool = False


def same(name: str, queries: list[str], *, is_kept: bool = False) -> Case:
    """Lists that both are asked for in the same words."""
    ours, stock = ([f"{root}?{query}" for query in queries] for root in (OURS, STOCK))
    return Case(name, ours, stock, is_kept=is_kept)


def cases() -> list[Case]:
    from wagtail.models import Page

    live = Page.objects.live().filter(depth__gt=1)
    ids = random.Random(1).sample(sorted(live.values_list("pk", flat=True)), min(SAMPLE, live.count()))
    last = max(0, live.filter(content_type__model="practicepage").count() - 20)
    end = max(0, live.count() - 200)
    starts, few = range(0, 200, 20), range(0, 100, 20)
    return [
        Case("detail", [f"{OURS}{pk}/" for pk in ids], [f"{STOCK}{pk}/" for pk in ids], is_list=False, is_kept=True),
        same("20 practices, all fields", [f"{PRACTICES}&fields=*&offset={at}" for at in starts], is_kept=True),
        same("the same, the last 20", [f"{PRACTICES}&fields=*&offset={last}"]),
        same(
            "the same, one language",
            [f"{PRACTICES}&fields=*&locale={code}&offset={at}" for code in ("en", "ru", "kk") for at in few],
        ),
        same(
            "the same, newest first", [f"{PRACTICES}&fields=*&order=-first_published_at&offset={at}" for at in starts]
        ),
        same(
            "the same, four fields",
            [f"{PRACTICES}&fields=_,title,summary,html_url,cover_image&offset={at}" for at in starts],
        ),
        same("20 pages, usual fields", [f"limit=20&offset={at}" for at in starts], is_kept=True),
        same("the same, the last 200", [f"limit=20&offset={end + at}" for at in range(0, 200, 20)]),
        same("the same, by title", [f"order=title&offset={at}" for at in starts]),
        *narrowed(),
        same(
            "search, 20 practices, all fields",
            [f"{PRACTICES}&fields=*&search={word}" for word in ("service", "digital", "data")],
        ),
        same("search, usual fields", [f"search={word}" for word in ("service", "digital", "data")]),
        *feeds(),
    ]


def narrowed() -> list[Case]:
    """Lists of practices about countries and themes. Wagtail knows a country by its key alone, and no themes."""
    from django.db.models import Count

    from cms.core.models import PageTheme
    from practices.models import PracticePage
    from taxonomy.choices import Scheme
    from taxonomy.models import Concept, Country, Theme

    practices = PracticePage.objects.live().exclude(country=None)
    counted = practices.values("country").annotate(pages=Count("pk")).order_by("-pages")[:10]
    keys = [row["country"] for row in counted]
    codes = [Country.objects.get(pk=pk).code for pk in keys]
    used = PageTheme.objects.values("theme").annotate(pages=Count("pk")).order_by("-pages")[:5]
    themes = [Theme.objects.get(pk=row["theme"]).code for row in used]
    level = Concept.objects.filter(scheme=Scheme.LEVEL).first()
    whole = f"{PRACTICES}&fields=*"
    by_key = [f"{STOCK}?{whole}&country={pk}" for pk in keys]
    in_language = [f"{STOCK}?{whole}&country={pk}&locale=en" for pk in keys]
    by_code = [f"{OURS}?{whole}&country={code}" for code in codes]
    by_theme = [f"{OURS}?{whole}&theme={code}" for code in themes]
    by_three = [f"{OURS}?{whole}&locale=en&country={code}&theme={','.join(themes)}" for code in codes]
    by_five = [f"{one}&level={level.code if level else ''}&published_after=2021-01-01" for one in by_three]
    return [
        Case("of a country, all fields", by_code, by_key),
        Case("of a theme, all fields", by_theme, []),
        Case("of a country, themes, a language", by_three, in_language),
        Case("with level and date, too", by_five, in_language),
        same("by two fields of the type", [f"{whole}&{SEVERAL}"]),
    ]


def feeds() -> list[Case]:
    from cms.delivery.models import Entry

    newest = Entry.objects.order_by("-version").values_list("version", flat=True).first() or 0
    since = [int(newest * part / 10) for part in range(9)]
    pages = [f"{OURS}?{PRACTICES}&fields=*&after="]
    return [
        Case("20 practices, after a place", pages, []),
        Case("100 changes", [f"/api/v2/changes/?since={one}" for one in since], [], is_list=False),
        Case(
            "20 changes with the pages",
            [f"/api/v2/changes/?since={one}&limit=20&include=payload" for one in since],
            [],
            is_list=False,
        ),
    ]
