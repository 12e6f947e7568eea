"""`manage.py start`: serve the site for development with live reload, or with --live as production serves it."""

import atexit
import errno
import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import autoreload

from core import bootstrap, demo, edits
from core.bootstrap import Trouble, step

LOOPBACK_OR_ALL = {"127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104 - only for showing an address one can open


class Command(BaseCommand):
    help = "Set up what is missing and serve the site; --live serves it as production does."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=port_number, default=8000, help="port to listen on (default 8000)")
        parser.add_argument("--live", action="store_true", help="serve as production does, on plain HTTP")
        parser.add_argument("--workers", type=int, default=0, help="worker processes of --live (default: one a core, at most 4)")
        parser.add_argument("--set-up-only", action="store_true", help="prepare everything, then stop")

    def handle(self, host, port, live, workers, set_up_only, **options):
        if os.environ.get("RUN_MAIN") != "true":
            ensure_free(host, port)
            prepare(live)
            if set_up_only:
                return
            self.welcome(host, port, live)
        answer_to(shown(host))
        if live:
            serve_live(host, port, workers or min(4, os.cpu_count() or 1))
        elif os.environ.get(autoreload.DJANGO_AUTORELOAD_ENV) != "true":
            watch_styles()
            # Django's own reloader: its signals tell the browser to reload, and they reset the cached templates.
            autoreload.run_with_reloader(self.serve, host, port)
        else:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            edits.run(self.serve, host, port)

    def serve(self, host, port):
        import uvicorn

        self.check()
        uvicorn.run(
            "core.asgi:application",
            host=host,
            port=port,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            # The stream that tells the browser to reload never ends by itself.
            timeout_graceful_shutdown=1,
        )

    def welcome(self, host, port, live):
        address = f"http://{shown(host)}:{port}/"
        self.stdout.write(f"\n  {settings.SITE_NAME} is at {self.style.SUCCESS(address)}\n")
        if settings.DEBUG:
            self.stdout.write(f"  Every state of every page: {address}_gallery/\n")
            self.stdout.write(f"  Mail it sends: {address}dev/mailbox/\n")
            for line in demo.sign_ins():
                self.stdout.write(f"  {line}\n")
        self.stdout.write("  Stop it with Ctrl-C.\n\n")
        self.stdout.flush()


def shown(host):
    """How an address bar writes a host that is listened on."""
    if host in LOOPBACK_OR_ALL:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def answer_to(name):
    """Let the site answer under the name that is printed, also in the processes that read the settings for themselves."""
    if name not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, name]
        os.environ["ALLOWED_HOSTS"] = ",".join(settings.ALLOWED_HOSTS)


def port_number(text):
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError("write a number from 1 to 65535")
    return int(text)


def ensure_free(host, port):
    """Raise Trouble when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Trouble(f"Port {port} is not allowed to this user. Choose one above 1023, such as --port 8000.") from None
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise Trouble(
                    f"The host {host!r} is not an address of this machine. Use --host 127.0.0.1 or --host 0.0.0.0."
                ) from None
            raise Trouble(
                f"Port {port} is taken. Stop the other server, or choose another port: python3 manage.py start --port {port + 1}"
            ) from None


def prepare(live):
    """Bring the database and, for --live, the static files up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step("Database"):
            call_command("migrate", verbosity=0)
    if demo.wanted():
        with step("Demo content"):
            demo.put_in()
    connection.close()
    if live:
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if not manifest.is_file() or manifest.stat().st_mtime < newest_static():
            with step("Static files"):
                call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def newest_static():
    files = (path for path in (bootstrap.BASE / "theme/static").rglob("*") if path.is_file())
    return max(path.stat().st_mtime for path in files)


def watch_styles():
    """Keep the stylesheet current while the server runs; the watcher ends with this process.

    What it says goes to this terminal: the pairs of colours that a designer just made unreadable.
    """
    found, _ = bootstrap.node()
    watcher = subprocess.Popen(
        [found, "watch.mjs"],
        cwd=bootstrap.BASE / "theme/static_src",
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def stop():
        if watcher.poll() is None:
            os.killpg(watcher.pid, signal.SIGTERM)
            watcher.wait(5)

    atexit.register(stop)
    # A terminal that is closed, or a supervisor that stops us, must not leave the watcher behind.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))


def serve_live(host, port, workers):
    import uvicorn

    uvicorn.run(
        "core.asgi:application",
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        # The client's address is read in one place, by settings.TRUSTED_PROXY_COUNT; the server must not rewrite it.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=15,
        limit_concurrency=1000,
    )
