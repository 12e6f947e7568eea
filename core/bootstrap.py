"""Makes everything a fresh machine lacks, step by step, then hands over to Django. manage.py is the only caller.

Only the standard library is used, and no syntax newer than Python 3.8: this file must run before anything is installed, and on a
Python that is too old it must still be able to say so.
"""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PYTHON_FLOOR = (3, 12)
NODE_FLOOR = 20
# Commands that set the whole environment up; every other one only needs the Python packages.
WHOLE = {"start", "test", "bench", "gallery"}
# Set in the process that manage.py replaces itself with, so that a broken environment cannot make it do so for ever.
HANDED_OVER = "DIMORPH_HANDED_OVER"
ANOTHER_PYTHON = "DIMORPH_ANOTHER_PYTHON"


class Trouble(Exception):
    """What is wrong and how to mend it, in one sentence."""


def run(argv):
    """Set up what the command needs, then run it with Django. Exits with one sentence and status 1 when that cannot be done."""
    command = argv[1] if len(argv) > 1 else ""
    try:
        newer_python(argv)
        if command == "start" and "--live" in argv:
            live_environment()
        development = command in {"test", "bench"} or (command == "gallery" and "--shots" in argv)
        virtual_environment(argv, "requirements-dev.txt" if development else "requirements.txt")
        if command in WHOLE and os.environ.get("RUN_MAIN") != "true" and "--help" not in argv and "-h" not in argv:
            node_modules()
            stylesheet()
        hand_over(argv)
    except Trouble as trouble:
        sys.exit("\n{}".format(trouble))
    except OSError as error:
        if error.errno == 28:
            sys.exit("\nThe disk is full. Make room, then run the same command again.")
        raise
    except KeyboardInterrupt:
        sys.exit(130)


@contextlib.contextmanager
def step(name):
    """Print a line for one step, with the time it took."""
    tick = "✓" if "utf" in (sys.stdout.encoding or "").lower() else "-"
    started = time.monotonic()
    print("  … {}".format(name) if sys.stdout.isatty() else "", end="\r" if sys.stdout.isatty() else "", flush=True)
    yield
    print("  {} {:<28}{:>6.1f} s".format(tick, name, time.monotonic() - started), flush=True)


def newer_python(argv):
    """Run again with a newer Python from PATH when this one is too old."""
    if sys.version_info >= PYTHON_FLOOR:
        return
    if not os.environ.get(ANOTHER_PYTHON):
        for minor in range(19, PYTHON_FLOOR[1] - 1, -1):
            found = shutil.which("python3.{}".format(minor))
            # pyenv leaves commands on PATH for versions that are not chosen; only one that answers counts.
            if found and subprocess.run([found, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
                os.environ[ANOTHER_PYTHON] = "1"
                replace([found, *argv])
    raise Trouble(
        "Python {}.{} or newer is needed, and this is {}. Install it from your system's packages, python.org or pyenv, "
        "then run the same command again.".format(*PYTHON_FLOOR, ".".join(map(str, sys.version_info[:3])))
    )


def replace(command):
    """Become `command`."""
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)


def digest(*paths):
    return hashlib.sha256(b"".join((BASE / path).read_bytes() for path in paths)).hexdigest()


def virtual_environment(argv, requirements):
    """Have a .venv with exactly the locked packages, and run in it."""
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if inside and os.environ.get(HANDED_OVER):
        return
    marker = VENV / ".requirements"
    wanted = digest("requirements.txt", "requirements-dev.txt")
    # The development set holds the other one, so it serves both.
    have = marker.read_text().split() if marker.is_file() else []
    enough = have[:1] == [wanted] and (have[1:] == ["requirements-dev.txt"] or have[1:] == [requirements])
    if not works():
        if inside:
            raise Trouble(
                "The environment in .venv is broken and cannot mend itself from inside. "
                "Leave it with `deactivate`, then run the same command again."
            )
        with step("Virtual environment"):
            make_environment()
        enough = False
    if not enough:
        with step("Python packages"):
            install(requirements)
        marker.write_text("{}\n{}\n".format(wanted, requirements))
    os.environ[HANDED_OVER] = "1"
    if not inside:
        replace([str(VENV_PYTHON), *argv])


def works():
    """Whether .venv has a Python that runs, is new enough, and can install."""
    probe = "import sys, pip; sys.exit(sys.version_info < {!r})".format(PYTHON_FLOOR)
    try:
        return subprocess.run([str(VENV_PYTHON), "-c", probe], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def make_environment():
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        words = made.stdout.decode(errors="replace")
        trouble = explained("The virtual environment could not be made", words)
        shutil.rmtree(VENV, ignore_errors=True)
        if "disk is full" not in str(trouble) and ("ensurepip" in words or "No module named venv" in words):
            raise Trouble(
                "Python's venv module is missing. Install it, on Debian and Ubuntu with "
                "`apt-get install python{}.{}-venv`, then run the same command again.".format(*sys.version_info[:2])
            )
        raise trouble


def install(requirements):
    if VENV_PYTHON.exists() and (VENV / ".requirements").exists():
        (VENV / ".requirements").unlink()
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*command, "-r", str(BASE / requirements)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise explained("The Python packages could not be installed", done.stdout.decode(errors="replace"))


def full(output):
    """Whether a tool failed because the disk is full; not every tool says so in words."""
    return "No space left on device" in output or "ENOSPC" in output or shutil.disk_usage(str(BASE)).free < 4 * 1024 * 1024


def explained(what, output):
    """The usual causes in a sentence of their own; else the last lines of what the tool said."""
    if full(output):
        return Trouble("{}: the disk is full. Make room, then run the same command again.".format(what))
    network = (
        r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|Network is unreachable|Name or service not known"
        r"|Temporary failure in name resolution|Failed to establish a new connection|Connection refused|Max retries exceeded"
        r"|ConnectTimeout|NewConnectionError|from versions: none"
    )
    if re.search(network, output, re.IGNORECASE):
        return Trouble(
            "{}: the package index cannot be reached. Check the network or the proxy, then run the same command again.".format(
                what
            )
        )
    lines = [line for line in output.strip().splitlines() if line.strip()][-6:]
    return Trouble("{}. The tool said:\n  {}".format(what, "\n  ".join(lines)))


def node():
    """Paths of node and npm; raises Trouble when they are missing or too old."""
    found, npm = shutil.which("node"), shutil.which("npm")
    fix = "Install Node.js {} or newer from your system's packages or nodejs.org, then run the same command again.".format(
        NODE_FLOOR
    )
    if not found or not npm:
        raise Trouble("{} is missing. {}".format("npm" if found else "Node.js", fix))
    answer = subprocess.run([found, "--version"], stdout=subprocess.PIPE).stdout.decode().strip()
    version = re.match(r"v(\d+)", answer)
    if not version or int(version.group(1)) < NODE_FLOOR:
        raise Trouble("Node.js is too old: this is {}. {}".format(answer or "of no known version", fix))
    return found, npm


def node_modules():
    """Have exactly the locked npm packages."""
    _, npm = node()
    marker = BASE / "node_modules" / ".lock-digest"
    wanted = digest("package-lock.json", "package.json", "theme/static_src/package.json")
    if marker.is_file() and marker.read_text() == wanted and (BASE / "node_modules/.bin").is_dir():
        return
    with step("Node packages"):
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=str(BASE), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            raise explained("The Node packages could not be installed", done.stdout.decode(errors="replace"))
        marker.write_text(wanted)


STYLED = (
    "templates",
    "theme/templates",
    "theme/templatetags",
    "theme/static/js",
    "theme/static_src",
    "landing",
    "dashboard",
    "core",
)


def stylesheet():
    """Build the CSS and copy htmx when a source is newer than what was built."""
    dist = BASE / "theme/static/css/dist"
    built = [dist / "styles.css", dist / "tokens.json", BASE / "theme/static/vendor/htmx/htmx.min.js"]
    if all(path.is_file() for path in built) and min(path.stat().st_mtime for path in built[:1]) >= newest_source():
        return
    _, npm = node()
    with step("Stylesheet"):
        done = subprocess.run([npm, "run", "--silent", "build"], cwd=str(BASE), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = done.stdout.decode(errors="replace")
        if done.returncode:
            raise explained("The stylesheet could not be built", said)
        os.utime(str(built[0]))
    # Pairs of colours that cannot be read, each with how to mend it.
    print(said, end="", flush=True)


def newest_source():
    suffixes = {".html", ".css", ".js", ".mjs", ".json", ".py", ".svg"}
    newest = (BASE / "package-lock.json").stat().st_mtime
    for folder in STYLED:
        for path in (BASE / folder).rglob("*"):
            if path.suffix in suffixes and path.is_file():
                newest = max(newest, path.stat().st_mtime)
    return newest


def live_environment():
    """What production sets, for this machine's loopback over plain HTTP. What the environment sets already wins."""
    from core import environment

    os.environ.setdefault("DEBUG", "false")
    os.environ.setdefault("HTTPS", "false")
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    try:
        # After these three: a .env file is written for development.
        environment.read_dotenv(BASE / ".env")
        key = environment.text("SECRET_KEY")
    except environment.BadSetting as error:
        raise Trouble(str(error)) from None
    if not key:
        keep = Path(BASE, os.environ.get("VAR_DIR") or "var") / "live-secret-key"
        if not keep.is_file():
            keep.parent.mkdir(parents=True, exist_ok=True)
            keep.write_text(secrets.token_urlsafe(50))
            keep.chmod(0o600)
        os.environ["SECRET_KEY"] = keep.read_text().strip()


def hand_over(argv):
    """Run the command with Django, in this process."""
    from core.environment import BadSetting

    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(argv)
    except BadSetting as error:
        raise Trouble(str(error)) from None
