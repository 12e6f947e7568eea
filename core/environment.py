"""Reads settings from the environment, and says in one sentence what is wrong with a value. settings.py is the only caller.

Only the standard library is used, so that manage.py can read a setting before anything is installed.
"""

import os
import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(Exception):
    """A setting that cannot be used; the message names it and says what to write instead."""


TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name, default=""):
    """The variable's value without surrounding space; `default` when it is unset or empty.

    NAME_FILE may name a file that holds the value, as secret stores mount them.
    """
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not value and path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    return value or default


def flag(name, default):
    """True or False; anything but the usual words for them is an error."""
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise BadSetting(f"{name} is {value!r}. Write true or false.")


def number(name, default, minimum, maximum):
    """A whole number within the bounds, both included."""
    value = text(name)
    if not value:
        return default
    try:
        result = int(value)
    except ValueError:
        raise BadSetting(f"{name} is {value!r}. Write a whole number from {minimum} to {maximum}.") from None
    if not minimum <= result <= maximum:
        raise BadSetting(f"{name} is {result}. Write a whole number from {minimum} to {maximum}.")
    return result


def words(name, default=()):
    """A comma-separated list, without empty items."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def url(name, schemes=("http", "https")):
    """An absolute URL with one of `schemes`, or an empty string when unset."""
    value = text(name)
    if not value:
        return ""
    if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise BadSetting(f"{name} is {value!r}. Start it with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    try:
        parts = urlsplit(value)
        whole = parts.scheme == "unix" or (parts.hostname and parts.port != 0)
    except ValueError:
        whole = False
    if not whole:
        # Not shown: there may be a password in it.
        raise BadSetting(f"{name} has no host and port that can be read. Write it like {schemes[0]}://host:port.")
    return value.rstrip("/")


def folder(name, default, base):
    """A folder's absolute path, made when it is missing; a relative value is meant from `base`."""
    path = Path(base, text(name, default))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"{name} is {str(path)!r}, which cannot be made: {error.strerror}. Name another folder.") from error
    return path


def zone(name, default):
    """The name of a time zone of the IANA database."""
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        raise BadSetting(f"{name} is {value!r}. Write a zone such as Europe/Berlin, or UTC.") from None
    return value


def read_dotenv(path):
    """Put the NAME=value lines of a .env file into the environment; what is set already wins."""
    if not path.is_file():
        return
    for number_, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or not name.strip().isidentifier():
            raise BadSetting(f"{path.name}, line {number_}: write NAME=value.")
        os.environ.setdefault(name.strip(), value.strip().strip("\"'"))
