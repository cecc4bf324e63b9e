"""What the log of the process says of pages: never their titles, which may be a person's words and outlive them."""

from __future__ import annotations

import logging


class WithoutTitles(logging.Filter):
    """Wagtail's messages begin with the quoted title of a page; its id, which follows, is enough."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and record.args and '"%s"' in str(record.msg):
            record.args = ("…", *record.args[1:])
        return True


def keep_titles_out() -> None:
    logging.getLogger("wagtail").addFilter(WithoutTitles())
