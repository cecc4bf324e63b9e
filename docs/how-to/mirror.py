"""Keep a copy of everything public.

Start it with `python3 mirror.py https://practice.example.org mirror.sqlite3`. It needs nothing but Python 3.9. Stop it
and start it again at any time: it goes on where it stopped. With `--once` it ends when the copy is complete. The copy
is a table `objects`: kind, id, uid, type, locale, etag and payload (JSON).
"""

import argparse
import json
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TABLES = """
CREATE TABLE IF NOT EXISTS objects (
    kind TEXT, id INTEGER, uid TEXT, type TEXT, locale TEXT, etag TEXT, payload TEXT, PRIMARY KEY (kind, id)
);
CREATE TABLE IF NOT EXISTS position (source TEXT PRIMARY KEY, version INTEGER);
"""
LIMIT, WAIT, LONGEST_PAUSE = 500, 25, 300


def read(source, since, wait):
    """One page of the newest states of what has changed after a version."""
    query = {"since": since, "limit": LIMIT, "newest": "true", "include": "payload", "wait": wait}
    address = f"{source}/api/v2/changes/?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(address, timeout=WAIT + 60) as answer:
        return json.load(answer)


def keep(copy, source, page):
    """Write a page into the copy, together with where to go on: either all of it is there or nothing."""
    with copy:
        for item in page["items"]:
            key = (item["kind"], item["id"])
            if item["operation"] == "withdrawn":
                copy.execute("DELETE FROM objects WHERE kind = ? AND id = ?", key)
            elif item["payload"] is not None:  # else it has changed again, and comes again
                facts = (item["uid"], item["type"], item["locale"], item["etag"], json.dumps(item["payload"]))
                copy.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)", key + facts)
        copy.execute("INSERT OR REPLACE INTO position VALUES (?, ?)", (source, page["meta"]["next"]))


def start_anew(copy):
    """A ledger that is behind the copy is another one than before: nothing of the copy can be trusted."""
    with copy:
        copy.execute("DELETE FROM objects")
        copy.execute("DELETE FROM position")


def follow(copy, source, once):
    pause = 1
    while True:
        row = copy.execute("SELECT version FROM position WHERE source = ?", (source,)).fetchone()
        since = row[0] if row else 0
        try:
            page = read(source, since, 0 if once or not row else WAIT)
        except (OSError, ValueError) as error:
            # The server is away, or asks to come again later: what is missed now is there afterwards.
            print(f"{error}; trying again in {pause} s", file=sys.stderr)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        pause = 1
        if page["meta"]["version"] < since:
            start_anew(copy)
            continue
        keep(copy, source, page)
        if once and page["meta"]["next"] >= page["meta"]["version"]:
            return


def main():
    parser = argparse.ArgumentParser(description="Keep a copy of everything public.")
    parser.add_argument("source", help="the address of the site, as https://practice.example.org")
    parser.add_argument("copy", help="the SQLite file of the copy")
    parser.add_argument("--once", action="store_true", help="end when the copy is complete")
    given = parser.parse_args()
    copy = sqlite3.connect(given.copy)
    copy.executescript(TABLES)
    follow(copy, given.source.rstrip("/"), given.once)


if __name__ == "__main__":
    main()
