"""Reads the states files: beside the template `_shelf.html` stands `_shelf.states.toml`, which alone says what states it has.

The gallery, the render check, axe, the layout checks and the pictures all read them through `pieces()`. What is wrong with a
file is said in a sentence that names it and what to write instead.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.conf import settings

SUFFIX = ".states.toml"
FOLDERS = ("templates", "landing/templates", "dashboard/templates", "theme/templates")
# The gallery's own frame is not a piece of the site.
OWN = "gallery/"
PEOPLE = ("visitor", "newcomer", "reader", "staff")
BEDS = ("page", "column", "card", "desk", "full", "mail")
NETWORKS = ("", "hold", "hang", "lost", "error")
# What a state's services are called, and how each may behave: core/gallery/services.py plays them.
SERVICES = ("promos", "recommendations", "popular", "told")
BEHAVIOURS = ("ok", "one", "two", "partial", "none", "long", "markup", "stale", "down")
STEPS = ("fill", "press", "open", "check", "wait", "offline", "focus", "later")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Where a comment goes on to what a template is given.
CONTEXT = re.compile(r"\s(?:Context|No context|Needs no context|Parameters?)\b")
COMMENT = re.compile(r"{%\s*comment[^%]*%}(.*?){%\s*endcomment\s*%}", re.DOTALL)

# What a states file and each of its states may say, with the type of it.
FILE_KEYS = {"about": str, "shown_by": list, "bed": str, "states": dict}
STATE_KEYS = {
    "about": str,
    "who": str,
    "facts": dict,
    "get": str,
    "post": str,
    "data": dict,
    "view": str,
    "context": dict,
    "htmx": bool,
    "page": str,
    "cookies": dict,
    "services": dict,
    "wait": int,
    "busy": bool,
    "providers": list,
    "before": list,
    "follow": bool,
    "link": str,
    "older": int,
    "press": str,
    "mail": str,
    "old_token": bool,
    "status": int,
    "state": str,
    "network": str,
    "play": list,
    "part": str,
    "bed": str,
    "skip": dict,
}


class BadStates(Exception):
    """A states file that cannot be used, or is missing; the message names it and says what to write."""


@dataclass(frozen=True)
class State:
    """One state of one template: who comes, what they ask for, and what the world outside does meanwhile.

    name, about   in the address of the gallery, and in words
    who, facts    a person of core/gallery/cast.py, and what differs about them
    get, post, data   the request whose answer is shown; `link` instead of a path takes it from the newest mail that has one, or
                  from the one `older` mails before
    press         words of a button on that page: the answer to its form, filled in with data, is shown
    view          dotted name of a function(request), for what no address shows
    context       parameters of a component, which is rendered alone; plain data
    htmx, page    asked for by htmx, and from which page of the site
    cookies, before, follow   cookies of the browser, "" for none; visits that come first (see Visit.makes); go where a form leads
    services, wait, busy, providers   the scene: see core/scenes.py and core/gallery/services.py
    mail          shows the mail of that name that was sent, not the page
    status, state the answer's status, and the data-state of its fragment
    network, play what the browser's network does, and what the person does: these need JavaScript; see theme/static/js/stage.js
    part          selects what differs from other states; checks and pictures look at it
    bed           what a part of a page lies in: see templates/gallery/stage.html
    skip          checks that do not apply, by name, each with its reason
    """

    template: str
    name: str
    about: str
    who: str = "visitor"
    facts: dict = field(default_factory=dict)
    get: str = ""
    post: str = ""
    data: dict = field(default_factory=dict)
    view: str = ""
    context: dict | None = None
    htmx: bool = False
    page: str = "/"
    cookies: dict = field(default_factory=dict)
    services: dict = field(default_factory=dict)
    wait: int = 0
    busy: bool = False
    providers: tuple = ()
    before: tuple = ()
    follow: bool = False
    link: str = ""
    older: int = 0
    press: str = ""
    mail: str = ""
    old_token: bool = False
    status: int = 200
    state: str = ""
    network: str = ""
    play: tuple = ()
    part: str = ""
    bed: str = "page"
    skip: dict = field(default_factory=dict)

    @property
    def path(self):
        """Its place in the gallery's addresses."""
        return f"{self.template.removesuffix('.html')}/{self.name}"

    @property
    def needs_js(self):
        return bool(self.network or self.play)

    @property
    def whole(self):
        """Whether the answer is a page by itself and not a part of one."""
        return self.bed == "page"


@dataclass(frozen=True)
class Piece:
    """One template with its states. `shown_by` are the templates whose states show it, when it has none of its own."""

    template: str
    file: Path
    about: str
    states: tuple[State, ...] = ()
    shown_by: tuple[str, ...] = ()

    @property
    def path(self):
        return self.template.removesuffix(".html")

    @property
    def title(self):
        """The file's name in words: "dashboard/_recommendations.html" is Recommendations."""
        words = self.path.rpartition("/")[2].strip("_").replace("_", " ").replace("-", " ")
        return words[:1].upper() + words[1:]

    @property
    def folder(self):
        """What tells it from a template of the same name elsewhere: "dashboard", or "" at the top."""
        return self.path.rpartition("/")[0]

    @cached_property
    def source(self):
        return self.file.read_text(encoding="utf-8")

    @property
    def documentation(self):
        """What its opening comment says: parameters and an example."""
        found = COMMENT.search(self.source)
        return found[1].strip() if found else ""

    def state(self, name):
        return next((state for state in self.states if state.name == name), None)


def templates():
    """{name: path} of every template of the site that a person can meet as HTML; mails included, the gallery's own left out."""
    found = {}
    for folder in FOLDERS:
        base = settings.BASE_DIR / folder
        for path in sorted(base.rglob("*.html")):
            name = path.relative_to(base).as_posix()
            if not name.startswith(OWN):
                found[name] = path
    return found


def pieces():
    """({template name: Piece}, [sentence about a states file that is wrong or missing])."""
    found, wrong = {}, []
    for name, path in templates().items():
        try:
            found[name] = piece(name, path)
        except BadStates as error:
            wrong.append(str(error))
    return found, wrong


def piece(name, path):
    """The Piece of the template `name` at `path`. Raises BadStates."""
    file = path.with_name(path.name.removesuffix(".html") + SUFFIX)
    shown = file.relative_to(settings.BASE_DIR) if file.is_relative_to(settings.BASE_DIR) else file
    if not file.is_file():
        raise BadStates(
            f"{name} has no states file. Write {shown}: a table [states.usual] with about = “what one sees” and "
            f'get = “/the/address/” (or context = {{…}} for a component), or shown_by = ["the template whose states show it"].'
        )
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadStates(f"{shown} cannot be read: {error}.") from error
    _known(told, FILE_KEYS, shown, "")
    first = COMMENT.search(path.read_text(encoding="utf-8"))
    about = told.get("about") or (CONTEXT.split(first[1].strip().splitlines()[0])[0].strip() if first else "")
    states = told.get("states", {})
    shown_by = tuple(told.get("shown_by", ()))
    if bool(states) == bool(shown_by):
        raise BadStates(f"{shown} needs either [states.…] tables or shown_by, one of the two.")
    made = tuple(_state(name, told.get("bed"), key, value, shown) for key, value in states.items())
    return Piece(name, path, about, made, shown_by)


def find(path):
    """The State at `path` ("dashboard/_recommendations/stale"), or None. Reads one file, so that an edit shows at once."""
    template, _, name = path.rpartition("/")
    file = templates().get(f"{template}.html")
    return piece(f"{template}.html", file).state(name) if file else None


def _state(template, bed, name, told, shown):
    where = f", state {name}"
    if not NAME.fullmatch(name):
        raise BadStates(f"{shown}{where}: a name has small letters, digits and hyphens, such as too-long.")
    if not isinstance(told, dict):
        raise BadStates(f"{shown}{where}: write it as a table, [states.{name}].")
    _known(told, STATE_KEYS, shown, where)
    if not told.get("about", "").strip():
        raise BadStates(f"{shown}{where}: say in about what one sees, in a sentence.")
    shows = [key for key in ("get", "post", "view", "context", "link") if key in told]
    if len(shows) != 1:
        raise BadStates(f"{shown}{where}: write one of get, post, view, context or link; there are {len(shows)}.")
    is_part = template.rpartition("/")[2].startswith("_") or template.startswith("components/") or "context" in told
    bed = told.get("bed") or bed or ("mail" if "mail" in told else _bed(template) if is_part else "page")
    _one_of(bed, BEDS, "bed", shown, where)
    _one_of(told.get("who", "visitor"), PEOPLE, "who", shown, where)
    _one_of(told.get("network", ""), NETWORKS, "network", shown, where)
    for service, behaviour in told.get("services", {}).items():
        _one_of(service, SERVICES, "a service", shown, where)
        _one_of(behaviour, BEHAVIOURS, f"services.{service}", shown, where)
    for step in told.get("play", ()):
        _one_of(step[0] if isinstance(step, list) and step else step, STEPS, "a step of play", shown, where)
    fields = {"htmx": is_part and bed != "page" and "context" not in told and "mail" not in told, **told}
    fields |= {key: tuple(fields[key]) for key in ("before", "play", "providers") if key in fields}
    return State(template=template, name=name, **{**fields, "bed": bed})


def _bed(template):
    return {"landing": "card", "dashboard": "desk"}.get(template.partition("/")[0], "column")


def _known(told, keys, shown, where):
    for key, value in told.items():
        if key not in keys:
            raise BadStates(f"{shown}{where}: {key} means nothing here. Known are {', '.join(sorted(keys))}.")
        if not isinstance(value, keys[key]):
            raise BadStates(f"{shown}{where}: {key} is a {keys[key].__name__}, written as in the other states files.")


def _one_of(value, known, what, shown, where):
    if value not in known:
        raise BadStates(f"{shown}{where}: {what} is {value!r}. Known are {', '.join(word for word in known if word)}.")
