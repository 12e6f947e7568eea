"""`manage.py gallery`: the states of every page in the terminal and in folders; in the browser they are at /_gallery/."""

import asyncio
import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand

from core import browsers
from core.gallery import check, export, facts, states
from core.management.commands import start


class Command(BaseCommand):
    help = "Check every state of every template, or write them to a folder as pages or as pictures."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("words", nargs="?", default="", help="only states with this in their path, such as landing/_signup")
        parser.add_argument("--check", action="store_true", help="render every state and say what is wrong; so without options")
        parser.add_argument("--export", metavar="DIR", help="write every state as a page that opens from a disk")
        parser.add_argument("--shots", metavar="DIR", help="take a picture of every state at two widths, light and dark")

    def handle(self, words, **options):
        start.prepare(live=False)
        # Looked for before anything asynchronous begins, because it asks Playwright's synchronous side.
        self.chromium = browsers.find_or_install() if options["shots"] else None
        begun = time.monotonic()
        for folder, make, what in (
            (options["export"], self.exported, "pages"),
            (options["shots"], self.photographed, "pictures"),
        ):
            if folder:
                count = len(asyncio.run(make(Path(folder), words)))
                took = time.monotonic() - begun
                self.stdout.write(f"{count} states as {what} in {took:.0f} s. Open {Path(folder) / 'index.html'}")
        if not options["export"] and not options["shots"]:
            self.check_all(words)

    async def exported(self, folder, words):
        return await export.pages(folder, words)

    async def photographed(self, folder, words):
        return await export.shots(folder, words, self.chromium, said=self.stdout.write)

    def check_all(self, words):
        found, count = asyncio.run(self.findings(words))
        for sentence in found:
            self.stdout.write(sentence)
        self.stdout.write(f"{count} states, {len(found) or 'no'} finding{'' if len(found) == 1 else 's'}.")
        themes = facts.tokens().get("themes", {}).values()
        if unreadable := sum(not pair["passes"] for theme in themes for pair in theme["pairs"]):
            # Named one by one by the build of the stylesheet, above; here so that nobody takes the line before for all well.
            self.stdout.write(f"{unreadable} pair{'s' if unreadable > 1 else ''} of colours cannot be read: see npm run build.")
        if found:
            sys.exit(1)

    async def findings(self, words):
        chosen = check.every(words)
        found = [finding for state in chosen for finding in await check.findings(state)]
        pieces, wrong = states.pieces()
        return [*found, *(sentence for sentence in [*wrong, *check.orphans(pieces)] if words in sentence)], len(chosen)
