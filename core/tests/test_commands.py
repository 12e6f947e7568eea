"""What a person reads when a command cannot run: one sentence that names what is wrong and how to mend it."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core import bootstrap
from core.management.commands import start
from core.tests.copies import BASE, clean_environment, copy_of_project

PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "k3J9-not-used-anywhere-else-aB7dE2fG5hL8mN1pQ4rS6tU9vW0xY3z",
    "ALLOWED_HOSTS": "example.com",
    "EMAIL_URL": "smtps://user:password@mail.example.com:465",
}


def manage(*arguments, folder=BASE, python=sys.executable, **environment):
    command = [python, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )


def refusal(done):
    """The sentence that a command ended with."""
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG is 'maybe'. Write true or false."),
        ("PASSWORD_MIN_LENGTH", "twelve", "PASSWORD_MIN_LENGTH is 'twelve'. Write a whole number from 8 to 64."),
        ("PASSWORD_MIN_LENGTH", "3", "PASSWORD_MIN_LENGTH is 3. Write a whole number from 8 to 64."),
        ("PROMOS_URL", "promos.example", "PROMOS_URL is 'promos.example'. Start it with http:// or https://."),
        (
            "EMAIL_URL",
            "smtp://me:secret@host:mail",
            "EMAIL_URL has no host and port that can be read. Write it like smtp://host:port.",
        ),
        ("RECOMMENDATIONS_URL", "http://[books", "RECOMMENDATIONS_URL has no host and port that can be read."),
        ("PROMOS_URL", "http://", "PROMOS_URL has no host and port that can be read."),
        ("TIME_ZONE", "Mars/Olympus", "TIME_ZONE is 'Mars/Olympus'. Write a zone such as Europe/Berlin, or UTC."),
        ("VAR_DIR", "/dev/null/var", "VAR_DIR is '/dev/null/var', which cannot be made: Not a directory."),
        ("DATABASE_URL", "mysequel://x", "DATABASE_URL cannot be read."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is 'LOUD'. Write DEBUG, INFO, WARNING, ERROR or CRITICAL."),
        ("GOOGLE_CLIENT_ID", "only-one", "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together. Set both, or neither."),
        ("SECRET_KEY_FILE", "/nowhere", "SECRET_KEY_FILE names /nowhere, which cannot be read: No such file or directory."),
    ],
)
def test_a_misspelt_value_is_named_with_what_to_write(name, value, sentence):
    assert sentence in refusal(manage("check", **{name: value}))


def test_production_without_a_secret_key_says_how_to_make_one():
    said = refusal(manage("check", DEBUG="false", ALLOWED_HOSTS="example.com"))
    assert "SECRET_KEY is needed when DEBUG is off. Make one with: python3 -c" in said


def test_production_without_host_names_says_which_setting():
    assert "ALLOWED_HOSTS is needed when DEBUG is off." in refusal(manage("check", DEBUG="false", SECRET_KEY="x" * 50))


def test_the_documented_production_environment_passes_djangos_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_a_taken_port_is_named_with_the_next_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal(manage("start", "--port", str(port)))
    assert f"Port {port} is taken. Stop the other server, or choose another port" in said


def test_a_host_that_is_not_ours_is_named():
    assert "'192.0.2.1' is not an address of this machine" in refusal(manage("start", "--host", "192.0.2.1"))


@pytest.mark.parametrize("port", ["0", "70000", "eighty"])
def test_a_port_that_is_none_is_named_with_what_to_write(port):
    assert "argument --port: write a number from 1 to 65535" in refusal(manage("start", "--port", port))


@pytest.mark.parametrize(("host", "name"), [("192.168.1.5", "192.168.1.5"), ("fd00::5", "[fd00::5]"), ("::", "localhost")])
def test_the_site_answers_under_the_address_that_start_prints(host, name, visitor, settings, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "example.com")
    settings.ALLOWED_HOSTS = ["example.com"]
    start.answer_to(start.shown(host))
    assert visitor.get("/health/", headers={"Host": f"{name}:8000"}).status_code == 200
    assert os.environ["ALLOWED_HOSTS"] == f"example.com,{name}"


def test_the_live_site_takes_the_key_of_the_env_file_but_not_its_debug(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("DEBUG=true\nSECRET_KEY=mine\nALLOWED_HOSTS=\n")
    monkeypatch.setattr(bootstrap, "BASE", tmp_path)
    monkeypatch.setattr(os, "environ", {})
    bootstrap.live_environment()
    assert (os.environ["SECRET_KEY"], os.environ["DEBUG"]) == ("mine", "false")
    assert os.environ["ALLOWED_HOSTS"].startswith("localhost,")


@pytest.fixture
def tools(tmp_path):
    """A PATH folder with nothing but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def tool(folder, name, says):
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)


def test_a_missing_node_is_named_with_where_to_get_it(tools):
    assert "Node.js is missing. Install Node.js 20 or newer" in refusal(manage("start", "--set-up-only", PATH=str(tools)))


def test_an_old_node_is_named_with_its_version(tools):
    tool(tools, "node", "v18.20.1")
    tool(tools, "npm", "9.0.0")
    path = f"{tools}{os.pathsep}/usr/bin{os.pathsep}/bin"
    assert "Node.js is too old: this is v18.20.1." in refusal(manage("start", "--set-up-only", PATH=path))


def old_python():
    """A Python older than the floor on this machine, or None."""
    candidates = [*Path("/usr/bin").glob("python3.[0-9]*"), *Path("/root/.pyenv/versions").glob("3.[89].*/bin/python3")]
    for path in [*candidates, *Path("/root/.pyenv/versions").glob("3.1[01].*/bin/python3")]:
        probe = subprocess.run([path, "-c", "import sys; print(sys.version_info < (3, 12))"], capture_output=True, text=True)
        if probe.stdout.strip() == "True":
            return str(path)
    return None


@pytest.mark.skipif(old_python() is None, reason="no Python older than 3.12 on this machine")
def test_an_old_python_without_a_newer_one_is_named_with_its_version(tools):
    said = refusal(manage("check", python=old_python(), PATH=str(tools)))
    assert "Python 3.12 or newer is needed, and this is 3." in said


@pytest.mark.skipif(old_python() is None, reason="no Python older than 3.12 on this machine")
def test_an_old_python_steps_aside_for_a_newer_one_on_the_path(tools):
    (tools / "python3.13").symlink_to(BASE / ".venv/bin/python")
    done = manage("check", python=old_python(), PATH=str(tools))
    assert done.returncode == 0, done.stderr


def test_without_a_network_the_first_start_says_so(tmp_path):
    folder = copy_of_project(tmp_path, environment=False)
    dead = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = manage("check", folder=folder, python=sys.base_prefix + "/bin/python3", **dead)
    assert "the package index cannot be reached. Check the network or the proxy" in refusal(done)


def test_a_broken_environment_is_made_again(tmp_path):
    folder = copy_of_project(tmp_path, environment=False)
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to("/nowhere/python3")
    dead = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = manage("check", folder=folder, python=sys.base_prefix + "/bin/python3", **dead)
    assert "Virtual environment" in done.stdout
    assert subprocess.run([folder / ".venv/bin/python", "-c", ""]).returncode == 0


def small_disk(folder):
    """Mount a disk of 6 MB; False where that is not allowed."""
    folder.mkdir()
    mount = shutil.which("mount")
    return (
        bool(mount)
        and subprocess.run([mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], capture_output=True).returncode == 0
    )


def test_a_full_disk_is_named(tmp_path):
    disk = tmp_path / "disk"
    if not small_disk(disk):
        assert "the disk is full" in str(
            bootstrap.explained("It could not be made", "OSError: [Errno 28] No space left on device")
        )
        return
    try:
        folder = copy_of_project(disk, environment=False)
        said = refusal(manage("check", folder=folder, python=sys.base_prefix + "/bin/python3", PYTHONDONTWRITEBYTECODE="1"))
        assert "disk is full. Make room, then run the same command again." in said
    finally:
        subprocess.run([shutil.which("umount"), "-l", disk], check=True)


def test_a_browser_path_that_leads_nowhere_is_named():
    said = refusal(manage("test", "--collect-only", CHROMIUM_PATH="/nowhere/chromium"))
    assert "CHROMIUM_PATH is '/nowhere/chromium', which cannot be run." in said
