"""How caches are told: by HTTP, and so that a failure is known."""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from wagtail.contrib.frontend_cache.backends import HTTPBackend

READ = 1024
NOTHING_KEPT = (http.client.NOT_FOUND, http.client.PRECONDITION_FAILED)  # as Squid and nginx say it


class NotPurgedError(Exception):
    """Some addresses could not be purged: `left` are these. The cache is away if it did not answer at all."""

    def __init__(self, sentence: str, left: list[str], *, is_away: bool) -> None:
        super().__init__(sentence)
        self.left, self.is_away = left, is_away


class PurgeBackend(HTTPBackend):
    """A Varnish, nginx or Squid that understands PURGE.

    As Wagtail's, but what fails is raised, so that it can be tried again, and nothing is waited for long. Requests go
    to the cache alone: no proxy of the environment is asked, and no redirect is followed.
    """

    def purge(self, url: str) -> None:
        self.purge_batch([url])

    def purge_batch(self, urls: list[str]) -> None:
        """Purge all that can be. Raises `NotPurgedError` that says what is left."""
        refused: list[str] = []
        problem = ""
        for place, url in enumerate(urls):
            try:
                status = self.ask(url)
            except (OSError, http.client.HTTPException) as error:
                left = [*refused, *urls[place:]]
                raise NotPurgedError(f"{type(error).__name__}: {error}", left, is_away=True) from None
            if not (http.client.OK <= status < http.client.MULTIPLE_CHOICES or status in NOTHING_KEPT):
                refused.append(url)
                problem = f"It answers {status}."
        if refused:
            raise NotPurgedError(problem, refused, is_away=False)

    def ask(self, url: str) -> int:
        parts = urlsplit(url)
        is_secure = self.cache_scheme == "https"
        kind: Any = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
        connection = kind(self.cache_netloc, timeout=settings.FRONTEND_CACHE_TIMEOUT)
        try:
            path = SplitResult("", "", parts.path or "/", parts.query, "").geturl()
            connection.request("PURGE", path, headers={"Host": parts.netloc, "User-Agent": "shared-practice"})
            answer = connection.getresponse()
            answer.read(READ)
        finally:
            connection.close()
        return int(answer.status)
