"""Names of countries and regions in every language, from Unicode CLDR."""

from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError


@cache
def territory_names(language: str) -> dict[str, str]:
    """Name by ISO 3166-1 alpha-2 code or M49 region code. English stands in for a language that CLDR does not have."""
    try:
        return dict(Locale.parse(language).territories)
    except UnknownLocaleError:
        return dict(Locale.parse("en").territories)
