"""`manage.py gallery`: the states of every page in the terminal and in folders; in the browser they are at /_gallery/."""

import asyncio
import sys

from django.core.management.base import BaseCommand

from core.gallery import check, states
from core.management.commands import start


class Command(BaseCommand):
    help = "Check every state of every template, or write them to a folder."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("words", nargs="?", default="", help="only states with this in their path, such as landing/_signup")
        parser.add_argument("--check", action="store_true", help="render every state and say what is wrong")

    def handle(self, words, **options):
        start.prepare(live=False)
        found = asyncio.run(self.checked(words))
        if found:
            self.stdout.write("\n".join(found))
            sys.exit(1)

    async def checked(self, words):
        chosen = check.every(words)
        found = [finding for state in chosen for finding in await check.findings(state)]
        pieces, wrong = states.pieces()
        found += [sentence for sentence in [*wrong, *check.orphans(pieces)] if words in sentence]
        self.stdout.write(f"{len(chosen)} states, {len(found)} findings.")
        return found
