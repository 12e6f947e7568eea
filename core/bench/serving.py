"""Starts what the benchmark asks, as processes of their own, reads what they cost, and ends them. rows.py calls it."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from core import bootstrap
from core.bench import machine

SECRET = "only-for-the-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
QUIET = ["--no-proxy-headers", "--no-server-header", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]


class Failed(Exception):
    """A process that the benchmark needs did not start; the text is the end of its log."""


def settings(folder, **own):
    """The environment of a site as production runs it, on plain HTTP and loopback, with everything it writes in `folder`.

    Whatever this machine's own environment or .env file says about the site is left out: the benchmark makes accounts.
    """
    documented = re.findall(r"^([A-Z_]+)=", (bootstrap.BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in documented}
    for name in (bootstrap.HANDED_OVER, bootstrap.ANOTHER_PYTHON, "DJANGO_SETTINGS_MODULE", "RUN_MAIN"):
        kept.pop(name, None)
    return {
        **kept,
        # Present but empty: unset for settings.py, and out of reach for the .env file.
        **dict.fromkeys(documented, ""),
        "DEBUG": "false",
        "HTTPS": "false",
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "VAR_DIR": str(folder),
        "RECOMMENDATIONS_DATABASE": str(Path(folder) / "recommendations.sqlite3"),
        # Sign-ups all come from one address here.
        "RATE_LIMITS": "false",
        **own,
    }


def prepare(folder):
    """A database and the collected static files in `folder`."""
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=bootstrap.BASE,
            env=settings(folder),
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise Failed((done.stdout + done.stderr)[-2000:])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One process that answers on 127.0.0.1:`port`, kept on `cores` (None: on any); a context manager.

    `application` is served by uvicorn; `command`, a function of the port, replaces that, in the
    folder `cwd`.
    """

    def __init__(self, application, folder, cores=None, path="/health/", command=None, cwd=bootstrap.BASE, **own):
        self.application, self.folder, self.cores, self.path, self.command = application, Path(folder), cores, path, command
        self.port, self.cwd = free_port(), cwd
        self.log = self.folder / f"server-{self.port}.log"
        self.environment = settings(folder, **own)
        self.process = None
        self.started_in = None

    def __enter__(self):
        serve = [sys.executable, "-m", "uvicorn", self.application, "--port", str(self.port), *QUIET]
        command = self.command(self.port) if self.command else serve
        started = time.perf_counter()
        with self.log.open("ab") as log, machine.on(self.cores or machine.EVERYWHERE):
            # A session of its own, so that its own workers can be ended with it.
            self.process = psutil.Popen(
                command,
                cwd=self.cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        self.started_in = time.perf_counter() - started
        return self

    def wait(self):
        """Return at the first 200; raises Failed when the process ended or a minute is over."""
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", self.path)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.02)
            finally:
                connection.close()
        raise Failed(self.log.read_text(errors="replace")[-2000:])

    def family(self):
        """The process and its workers."""
        try:
            return [self.process, *self.process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def cpu(self):
        """Seconds of CPU that it has used so far."""
        return sum(times.user + times.system for times in (process.cpu_times() for process in self.family()))

    def memory(self):
        """Bytes that it holds in memory."""
        return sum(process.memory_info().rss for process in self.family())

    def __exit__(self, *_):
        ending = self.family()
        for process in ending:
            _quietly(process.terminate)
        _, left = psutil.wait_procs(ending, timeout=8)
        for process in left:
            _quietly(process.kill)
        psutil.wait_procs(left, timeout=5)


def _quietly(end):
    try:
        end()
    except psutil.NoSuchProcess:
        return
