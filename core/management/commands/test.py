"""`manage.py test [pytest arguments]`: every test, the browser's included."""

import os
import subprocess
import sys

from django.core.management.base import BaseCommand

from core import bootstrap, browsers


class Command(BaseCommand):
    help = "Run all tests with pytest; every argument goes to it."
    requires_system_checks = []

    def run_from_argv(self, argv):
        # pytest gets a process of its own: settings leave the .env file alone under test.
        path = browsers.find_or_install()
        environment = {**os.environ, "CHROMIUM_PATH": path}
        sys.exit(subprocess.call([sys.executable, "-m", "pytest", *argv[2:]], cwd=bootstrap.BASE, env=environment))
