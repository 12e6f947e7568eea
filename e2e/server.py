"""The real ASGI server of a browser journey, as a process of its own on a database of its own."""

import atexit
import functools
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
SECRET = "a-key-for-journeys-only-0123456789-abcdefghijklmnopqrstuvwxyz"


class Server:
    """Serves the site from `folder` until `stop()`. `environment` overrides what production would set."""

    def __init__(self, folder, **environment):
        self.folder = Path(folder)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "server.log"
        live = {
            "DEBUG": "false",
            "HTTPS": "false",
            "SECRET_KEY": SECRET,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "VAR_DIR": str(self.folder),
            "RATE_LIMITS": "false",
            "OFFLINE_PAGE": "false",
            "LOG_LEVEL": "INFO",
        }
        self.environment = {**os.environ, **live, "PYTHONUNBUFFERED": "1", **environment}
        self.process = None

    def start(self):
        """Serve from now on. Called again after `stop()`, it serves the same database from a new process."""
        if not (self.folder / "db.sqlite3").exists():
            shutil.copytree(prepared(self.environment["DEBUG"] == "false"), self.folder, dirs_exist_ok=True)
        command = [sys.executable, "-m", "uvicorn", "core.asgi:application", "--port", str(self.port)]
        options = ["--no-proxy-headers", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command + options, cwd=BASE, env=self.environment, stdout=log, stderr=log)
        try:
            self.wait()
        except AssertionError:
            self.stop()
            raise
        return self

    def manage(self, *arguments):
        return manage(self.environment, *arguments)

    def wait(self):
        """Return when it answers; fails with its log when it ended or takes longer than 60 seconds."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(self.log.read_text())
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            try:
                connection.request("GET", "/health/")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()
        raise AssertionError("The server did not answer within 60 seconds.\n" + self.log.read_text())

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)

    def mails(self):
        """The mails that the site sent, oldest first, as email.message.EmailMessage."""
        import email
        from email import policy

        files = sorted((self.folder / "mailbox").glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


@functools.cache
def prepared(live):
    """A folder with a migrated database and, for a live site, its static files: made once, copied for every server."""
    folder = Path(tempfile.mkdtemp(prefix="dimorph-journeys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {**os.environ, "DEBUG": str(not live).lower(), "HTTPS": "false", "SECRET_KEY": SECRET}
    environment |= {"ALLOWED_HOSTS": "localhost", "VAR_DIR": str(folder)}
    manage(environment, "migrate", "-v0")
    if live:
        manage(environment, "collectstatic", "--noinput", "-v0")
    return folder


def manage(environment, *arguments):
    """What the management command printed; fails with its words when it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=BASE,
        env={**environment, "DJANGO_SETTINGS_MODULE": "core.settings", "PYTHONPATH": str(BASE)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
