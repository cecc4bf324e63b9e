"""What somebody may put where a value belongs, percent-encoded as a client sends it. None of it means anything."""

from __future__ import annotations

from urllib.parse import quote

HOSTILE = {
    "nothing": "",
    "spaces": "%20%20",
    "null byte": "%00",
    "null byte behind a value": "KZ%00",
    "line breaks": "a%0D%0ASet-Cookie:%20stolen=1",
    "markup": quote("\"><script>alert('x')</script>"),
    "template": quote("{{ settings.SECRET_KEY }}{% debug %}"),
    "format string": "%25s%25n%257B0%257D",
    "sql": quote("' OR 1=1; DROP TABLE wagtailcore_page; --"),
    "pattern": quote("((((((.*)*)*)*)*[\\"),
    "path": quote("../../../../etc/passwd", safe=""),
    "negative": "-1",
    "huge number": "9" * 400,
    "exponent": "1e309",
    "not a number": "NaN",
    "arabic digits": quote("٢٠٢١"),
    "emoji": quote("🎉"),
    "right-to-left mark": "%E2%80%AE",
    "no unicode": "%FF%FE",
    "lone surrogate": "%ED%A0%80",
    "very long": "K" * 6000,
    "list": "%5B%22KZ%22%5D",
    "object": quote('{"$gt": ""}'),
}


def everywhere(names: tuple[str, ...], value: str) -> str:
    """A query string in which every parameter has the same value."""
    return "&".join(f"{name}={value}" for name in names)


def all_at_once(names: tuple[str, ...]) -> str:
    """A query string in which every parameter has every hostile value."""
    return "&".join(everywhere(names, value) for value in HOSTILE.values())
