"""`manage.py bench`: measure the site against baselines of the same run, and say which goals it reaches."""

import sys
import tempfile
import time
from pathlib import Path

from django.core.management.base import BaseCommand

from core.bench import machine, report, rows, serving

# On a machine too busy to finish, what is left is said to be not measured rather than waited for.
NOTHING_NEW_AFTER = 200


class Command(BaseCommand):
    help = "Measure the site as production runs it, on this machine, against baselines measured in between."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--only", action="append", choices=rows.ROWS, metavar="NAME", help=f"one of: {', '.join(rows.ROWS)}")
        parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: for looking, not for deciding")
        parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")

    def handle(self, only, quick, strict, **options):
        started, noise, found = time.monotonic(), machine.Noise(), []
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, rows.Ground(Path(folder), quick) as ground:
            self.stdout.write(self.pinning(ground))
            serving.prepare(folder)
            with machine.on(ground.others):
                for name in only or rows.ROWS:
                    if time.monotonic() - started > NOTHING_NEW_AFTER:
                        found.append(
                            report.unmeasured(name, f"the machine is too slow for everything; run it alone with --only {name}")
                        )
                        continue
                    with machine.on(ground.cores):
                        noise.sample()
                    self.stdout.write(f"  … {name}")
                    self.stdout.flush()
                    found += rows.measured(name, ground)
                with machine.on(ground.cores):
                    noise.sample()
        self.stdout.write("\n" + "\n".join(report.table(found)) + "\n\n")
        self.stdout.write(f"{report.summary(found)}\n{noise.words()}\nTook {time.monotonic() - started:.0f} s.\n")
        if strict and any(row.reached is False for row in found):
            sys.exit(1)

    def pinning(self, ground):
        if ground.cores is None:
            return "Servers and load share the cores: this system cannot keep them apart."
        return f"Servers on core {min(ground.cores)}, load on {', '.join(map(str, sorted(ground.others)))}."
