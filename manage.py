#!/usr/bin/env python3
"""Makes the environment when it is missing, then hands over to Django. Needs nothing but Python's standard library."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from core import bootstrap

    bootstrap.run(sys.argv)
