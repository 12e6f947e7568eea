"""Keeps what readers did with books in a SQLite file of its own. The recommendations service writes and reads it.

Reading happens where it is asked for: by the primary key, without a lock (WAL), in well under a millisecond, which is less than a
hop to a thread costs. Writing waits for the disk and perhaps for another process, so callers do it in a thread.
"""

import sqlite3
import threading
from contextlib import closing, contextmanager
from pathlib import Path

# Shorter than the deadline that callers of the service have, so that they hear why instead of running out of time.
WAIT_FOR_LOCK = 0.5
# The index begins with the kind, so that the many books merely shown to a reader are never read through.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    reader TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (reader, kind, item, at)
) WITHOUT ROWID
"""
_HISTORY = """
SELECT item, kind, max(at) FROM events
WHERE reader = ? AND kind IN ('liked', 'dismissed', 'owned', 'opened') GROUP BY kind, item ORDER BY 3
"""


class Events:
    """The store in the file at `path`, made when it is first needed. Safe for several threads and processes."""

    def __init__(self, path):
        self.path = Path(path)
        self._lock = threading.Lock()
        self._reading = None

    def history(self, reader):
        """{item: kind} for one reader: the last word on each item. A look at a book never overrules a decision about it."""
        with self._lock:
            if self._reading is None:
                self._reading = self._connect()
            rows = self._reading.execute(_HISTORY, (reader,)).fetchall()
        history = {}
        for item, kind, _ in rows:
            if kind != "opened" or item not in history:
                history[item] = kind
        return history

    def add(self, events):
        """Store (reader, kind, item, at) tuples in one transaction; one that is there already counts once.

        When it returns they are on the disk.
        """
        with closing(self._connect()) as connection, _transaction(connection):
            connection.executemany("INSERT OR IGNORE INTO events (reader, kind, item, at) VALUES (?, ?, ?, ?)", events)

    def close(self):
        """Let go of the file; the store opens it again when it is used again."""
        with self._lock:
            if self._reading is not None:
                self._reading.close()
                self._reading = None

    def _connect(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=WAIT_FOR_LOCK, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


@contextmanager
def _transaction(connection):
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
