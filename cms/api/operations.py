"""What Wagtail's endpoints may be asked, in words: they read their parameters by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from wagtail.models import Page, get_page_models

from cms.api.filters import DATES
from cms.api.parameters import Parameter, flag, number, one_of, text
from cms.api.registries import page_filters
from cms.core.models import BasePage

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT = {"type": "string"}
LOCALES = [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]


@dataclass(frozen=True)
class Kind:
    """One of Wagtail's endpoints; `examples` are query strings of its list."""

    name: str
    tag: str
    what: str
    schema: str
    parameters: tuple[Parameter, ...]
    find: tuple[Parameter, ...] = ()
    in_detail: tuple[Parameter, ...] = ()
    examples: tuple[str, ...] = ("",)
    models: tuple[Any, ...] = field(default=())


def page_types() -> list[Any]:
    """The types of page that the API shows."""
    return sorted((one for one in get_page_models() if issubclass(one, BasePage)), key=lambda one: one._meta.label)


def words(name: str, description: str, example: Any = None) -> Parameter:
    """A parameter that is read elsewhere."""
    return Parameter(name, description, TEXT, str, example=example)


FIELDS = words(
    "fields",
    "Which fields to give: names with commas; `*` for all, `_` for none but those named, `-name` for all but one, "
    "`name(a,b)` for some of a part.",
    "*",
)
ID = number("id", "The object with this id.", least=1)
COMMON = (
    FIELDS,
    number("limit", "How many items to give.", most=settings.WAGTAILAPI_LIMIT_MAX, default=20),
    number("offset", "How many items to leave out at the beginning.", default=0),
    words("order", "Fields with commas, `-` before one for the other direction, or `random`.", "id"),
    text("search", "Words that the texts hold, best first.", example="practice"),
    one_of("search_operator", "Whether all words must be there, or one of them will do.", ["and", "or"]),
)
RICH_TEXT = one_of(
    "rich_text_format",
    "The form of rich text that has no form of its own.",
    ["db_html", "html", "db_markdown", "markdown"],
)
FALLBACK = words(
    "fallback",
    "With `locale`: each item once, in that language, else in the first of these that it exists in; `*` for all.",
)
LOCALE = one_of("locale", "The language of the pages.", LOCALES, example="en")
HTML_PATH = words("html_path", "The path of its address, below the prefix of a language or not.", "/en/practices/")


def page_parameters() -> tuple[Parameter, ...]:
    names = [model._meta.label for model in page_types()]
    return (
        words(
            "type", f"Types of page with commas: {', '.join(names)}. Without it: only what all types share.", names[0]
        ),
        LOCALE,
        FALLBACK,
        *(one.parameter for one in page_filters().values()),
        *(parameter for _lookup, parameter in DATES.values()),
        words("child_of", "Pages right below the page with this id, or below `root`.", "root"),
        words("descendant_of", "Pages anywhere below the page with this id, or below `root`.", "root"),
        number("ancestor_of", "Pages above the page with this id."),
        words("translation_of", "The other language versions of the page with this id, or of `root`.", "root"),
        words("slug", "Pages with this slug. Other columns of the chosen type narrow in the same way."),
        words("title", "Pages with this title."),
        words("site", "Pages of one of several sites, by its host name."),
        Parameter("after", "Reads on from `meta.next`; empty to begin. Not with `offset` or `search`.", TEXT, str),
        *COMMON,
        RICH_TEXT,
    )


def kinds() -> Iterable[Kind]:
    in_detail = (FIELDS, LOCALE, FALLBACK, RICH_TEXT)
    examples = ("", "type=practices.PracticePage&fields=*&locale=en", "country=KZ&locale=en&after=", "search=practice")
    yield Kind(
        "pages",
        "Content",
        "pages",
        "Page",
        page_parameters(),
        (ID, HTML_PATH),
        in_detail,
        examples,
        (*page_types(), Page),
    )
    files = (*COMMON, words("title", "With this title."), RICH_TEXT)
    yield Kind("images", "Content", "images", "Image", files, (ID,), (FIELDS,), ("", "fields=*"))
    yield Kind("documents", "Content", "documents", "Document", files, (ID,), (FIELDS,), ("", "fields=*"))
    redirects = (*COMMON[:4], words("old_path", "With this path."), flag("is_permanent", "Whether for good."))
    yield Kind("redirects", "Content", "redirects", "Redirect", redirects, (ID, HTML_PATH), (FIELDS,))
