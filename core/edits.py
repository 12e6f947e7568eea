"""Notices an edited file quickly: what `manage.py start` watches, and how soon the browser hears of it.

Django's own watcher looks once a second at everything that is loaded, all packages included, and the browser is told once a
second. Together they could make an edit wait for two seconds.
"""

import os
import sys

from django.utils import autoreload

from core.bootstrap import BASE

# Seconds between two looks at the files. One look costs about 6 ms of a processor.
LOOK = 0.2
# Seconds between two words to the browser.
WORD = 0.1
# As text, because this is asked of every file at every look.
PROJECT = str(BASE)
NOBODY_EDITS = tuple(str(BASE / folder) + os.sep for folder in (".git", ".venv", "node_modules", "var"))


def ours(path):
    """Whether it is a file or folder of the project that people edit."""
    name = str(path)
    return name.startswith(PROJECT) and not name.startswith(NOBODY_EDITS)


class Watcher(autoreload.StatReloader):
    """Django's watcher, which looks five times as often at the project's own files and not at the packages."""

    SLEEP_TIME = LOOK

    def watch_dir(self, path, glob):
        if ours(path.absolute()):
            super().watch_dir(path, glob)

    def watched_files(self, include_globs=True):
        return filter(ours, super().watched_files(include_globs))


def run(serve, *arguments):
    """`serve(*arguments)` in this process, which ends when a Python file changes: its parent, which called
    autoreload.run_with_reloader(), then begins it anew."""
    from django_browser_reload import views

    views.PING_DELAY = WORD
    try:
        autoreload.start_django(Watcher(), serve, *arguments)
    except KeyboardInterrupt:
        sys.exit(0)
