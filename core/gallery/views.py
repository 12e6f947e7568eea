"""The pages of the gallery: its index, the foundations, one template, one state in its frame, and the played state itself."""

import json
from functools import wraps
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.csp import CSP
from django.views.decorators.http import require_safe

from core.gallery import facts, looks, stage, states

WIDTHS = ("320", "390", "768", "1280", "fit")
MAIL_WIDTHS = ("320", "600", "fit")
AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
RULES = settings.BASE_DIR / "core/gallery/axe.json"
FOUNDATIONS = {
    "colours": "Colours",
    "type": "Type",
    "space": "Space and shape",
    "motion": "Motion",
    "icons": "Icons",
    "illustrations": "Illustrations",
    "covers": "Covers",
}
# What is looked at in a frame sends no form: it would be a real one.
FRAMED = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF], "form-action": [CSP.NONE]}
FRAMING = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
# Mails carry their styles in place, because mail programs drop anything else.
MAILED = {**FRAMED, "style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}


def open_to(request):
    """Whether this person may see the gallery: everybody in development, staff where GALLERY is on."""
    return settings.DEBUG or (settings.GALLERY and request.user.is_staff)


def workshop(view):
    """Decorate a view of the gallery: 404 for whoever may not see it, and never indexed."""

    def guarded(request, response):
        response["X-Robots-Tag"] = "noindex, nofollow"
        response.headers.setdefault("Cache-Control", "private, no-store")
        response._csp_config = getattr(response, "_csp_config", FRAMING)
        return response

    if iscoroutinefunction(view):

        @wraps(view)
        async def wrapped(request, *args, **kwargs):
            if not open_to(request):
                raise Http404
            try:
                return guarded(request, await view(request, *args, **kwargs))
            except states.BadStates as error:
                return guarded(request, _failed(request, error))
    else:

        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if not open_to(request):
                raise Http404
            try:
                return guarded(request, view(request, *args, **kwargs))
            except states.BadStates as error:
                return guarded(request, _failed(request, error))

    return login_not_required(require_safe(wrapped))


@workshop
def index(request):
    """Everything there is, or what `q` finds of it."""
    query = request.GET.get("q", "").strip()[:100]
    tree, wrong = _tree(query)
    context = {"tree": tree, "wrong": wrong, "q": query, "themes": facts.failing_pairs(), "counts": _counts(tree)}
    return _page(request, "gallery/index.html", context, tree=tree)


@workshop
def foundation(request, name):
    """One page about what everything is made of."""
    if name not in FOUNDATIONS:
        raise Http404
    context = {"name": name, "title": FOUNDATIONS[name], **_FOUNDATION_FACTS.get(name, dict)()}
    return _page(request, f"gallery/foundations/{name}.html", context)


@workshop
def sheet(request):
    """Every state of every fragment and element, one below the other, in one order: for looking and for pictures."""
    pieces, _ = states.pieces()
    shown = [piece for piece in pieces.values() if facts.group(piece) in ("Elements", "Fragments") and piece.states]
    look = _look(request)
    return _page(request, "gallery/sheet.html", {"pieces": shown, "query": _query(look), "tools": _tools(request, look)})


@workshop
def piece(request, path):
    """One template: what it is, and a small picture of each of its states."""
    found = _piece(path)
    look = _look(request)
    pieces, _ = states.pieces()
    context = {
        "piece": found,
        "group": facts.group(found),
        "include": facts.include(found),
        "file": found.file.relative_to(settings.BASE_DIR).as_posix(),
        "shown_by": [pieces[name] for name in found.shown_by if name in pieces],
        "query": _query(look),
        "tools": _tools(request, look),
    }
    return _page(request, "gallery/piece.html", context, here=found.template)


@workshop
async def state(request, path):
    """One state in its frame, with the tools around it."""
    found = await sync_to_async(_state)(path)
    piece = await sync_to_async(_piece)(found.template.removesuffix(".html"))
    look = _look(request)
    widths = MAIL_WIDTHS if found.mail else WIDTHS
    width = request.GET.get("w") if request.GET.get("w") in widths else ("600" if found.mail else "fit")
    played, problem = None, ""
    try:
        played = await stage.play(found, request.get_host(), request.is_secure())
    except stage.StateFailed as error:
        problem = str(error)
    names = [one.name for one in piece.states]
    place = names.index(found.name)
    context = {
        "piece": piece,
        "state": found,
        "group": facts.group(piece),
        "problem": problem,
        "played": played,
        "weight": facts.weight(played.html) if played else None,
        "tokens": facts.tokens_used(played.html) if played else [],
        "include": facts.include(piece),
        "file": piece.file.relative_to(settings.BASE_DIR).as_posix(),
        "editor": f"vscode://file{piece.file}" if settings.DEBUG else "",
        "width": width,
        "widths": [(one, _link(request, w=one), one == width) for one in widths],
        "query": _query(look),
        "tools": _tools(request, look),
        "before": piece.states[place - 1] if place else None,
        "after": piece.states[place + 1] if place + 1 < len(names) else None,
        "told": [(key, _plain(value)) for key, value in _told(found)],
        "axe": RULES.read_text(encoding="utf-8") if AXE.is_file() else "",
    }
    return _page(request, "gallery/state.html", context, here=found.template)


@workshop
async def play(request, path):
    """The played state alone, as the frame shows it: open it by itself, resize it, print it."""
    found = await sync_to_async(_state)(path)
    look = _look(request)
    try:
        settled = request.GET.get("scripts") != "off"
        played = await stage.play(found, request.get_host(), request.is_secure(), theme=look.theme, settled=settled)
    except stage.StateFailed as error:
        return _failed(request, error)
    response = HttpResponse(document(found, played, look, request))
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_config = MAILED if found.mail else FRAMED
    return response


@workshop
async def text(request, path):
    """The text part of a mail."""
    found = await sync_to_async(_state)(path)
    if not found.mail:
        raise Http404
    played = await stage.play(found, request.get_host(), request.is_secure())
    response = render(request, "gallery/text.html", {"text": played.text, "subject": played.subject})
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_config = FRAMED
    return response


@workshop
def axe(request):
    """The checker that the frame's tools load into the frame."""
    if not AXE.is_file():
        raise Http404
    response = HttpResponse(AXE.read_bytes(), content_type="text/javascript; charset=utf-8")
    # A browser that keeps it also keeps it compiled, for the hundreds of states of a session.
    patch_cache_control(response, private=True, max_age=86400)
    return response


def document(state, played, look, request=None):
    """The whole document of a played state: a part of a page is laid into its bed, and the look is put on."""
    html = played.html
    if not state.whole and not state.mail:
        headings = [int(level) for level in looks.HEADING.findall(html)]
        # Not the page of a developer: no switcher.
        context = {"html": html, "state": state, "level": min(headings, default=2), "debug": False}
        html = render_to_string("gallery/stage.html", context, request)
    sheets = [] if state.mail else [static("css/gallery-stage.css")]
    told = json.dumps({"network": state.network, "play": state.play}) if state.needs_js else ""
    return looks.dressed(html, look, sheets, static("js/stage.js") if told else "", told, _skin(look))


def _skin(look):
    """What of a page changes with the theme: the address of the stylesheet, and the version in the addresses of covers."""
    told = facts.tokens()
    if not look.skin or look.skin == told.get("active"):
        return ()
    themes = told["themes"]
    return (
        (static("css/dist/styles.css"), static(f"css/dist/{look.skin}.css")),
        (themes[told["active"]]["covers_version"], themes[look.skin]["covers_version"]),
    )


# What the pages are made of -------------------------------------------------------------------------------------------------


def _failed(request, error):
    """A page in the frame's place that says what is wrong with a state or its file."""
    response = render(request, "gallery/failed.html", {"problem": str(error)}, status=500)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_config = FRAMED
    return response


def _page(request, template, context, here="", tree=None):
    tree = tree if tree is not None else _tree("")[0]
    everything = {"tree": tree, "here": here, "foundations": FOUNDATIONS, "failing": facts.failing_pairs(), **context}
    return render(request, template, everything)


def _tree(query):
    """[(group, [(Piece, [State])])] of what `query` finds, and what is wrong with states files."""
    pieces, wrong = states.pieces()
    found = {name: [] for name in facts.GROUPS}
    words = query.lower().split()
    for piece in pieces.values():
        own = f"{piece.template} {piece.title} {piece.about}".lower()
        hits = [one for one in piece.states if all(word in f"{own} {one.name} {one.about}".lower() for word in words)]
        if hits or (not piece.states and words and all(word in own for word in words)):
            found[facts.group(piece)].append((piece, hits))
    return [(name, entries) for name, entries in found.items() if entries], wrong


def _counts(tree):
    return {
        "templates": sum(len(entries) for _, entries in tree),
        "states": sum(len(hits) for _, entries in tree for _, hits in entries),
    }


def _state(path):
    found = states.find(path)
    if found is None:
        raise Http404
    return found


def _piece(path):
    file = states.templates().get(f"{path}.html")
    if file is None:
        raise Http404
    return states.piece(f"{path}.html", file)


def _look(request):
    return looks.Look.of(request.GET, facts.themes())


def _query(look):
    return f"?{urlencode(look.asked)}" if look.asked else ""


def _link(request, **changed):
    query = {**request.GET.dict(), **changed}
    return "?" + urlencode({name: value for name, value in query.items() if value})


TOOLS = {
    "theme": ("Theme", {"": "System", "light": "Light", "dark": "Dark"}),
    "dir": ("Direction", {"": "Left to right", "rtl": "Right to left"}),
    "language": ("Words", {"": "As written", "pseudo": "Longer"}),
    "text": ("Text", {"": "100 %", "200": "200 %"}),
    "motion": ("Motion", {"": "Full", "reduce": "Reduced"}),
    "grid": ("Grid", {"": "Off", "on": "On"}),
}


def _tools(request, look):
    """[(name, [(words, link, is on)])] of everything that a look can be."""
    themes = facts.tokens().get("themes", {})
    skins = {"" if name == facts.tokens().get("active") else name: themes[name]["title"] for name in facts.themes()}
    rows = {**TOOLS, **({"skin": ("Look", skins)} if len(skins) > 1 else {})}
    return [
        (label, [(words, _link(request, **{name: value}), getattr(look, name) == value) for value, words in choices.items()])
        for name, (label, choices) in rows.items()
    ]


def _told(state):
    """What the states file says of this state, beside its name and sentence."""
    default = states.State("", "", "")
    for key in states.STATE_KEYS:
        value = getattr(state, key)
        if key not in ("about", "bed") and value != getattr(default, key):
            yield key, value


def _plain(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# The foundations -------------------------------------------------------------------------------------------------------------


def _colours():
    told = facts.tokens()

    def drawn(theme, pair):
        shades = theme[pair["scheme"]]
        return {**pair, "seen_hex": shades.get(pair["seen"], ""), "ground_hex": shades.get(pair["ground"], "")}

    themes = sorted(told.get("themes", {}).items(), key=lambda entry: entry[0] != told["active"])
    return {
        "themes": [
            {**theme, "name": name, "active": name == told["active"], "pairs": [drawn(theme, pair) for pair in theme["pairs"]]}
            for name, theme in themes
        ]
    }


def _drawings(folder):
    names = sorted(path.stem for path in (settings.BASE_DIR / "theme/templates" / folder).glob("*.svg"))
    return {"names": names, "folder": folder}


def _covers():
    from core.gallery.services import catalogue

    books = list(catalogue().books.values())
    return {"books": books[:: max(1, len(books) // 24)][:24]}


_FOUNDATION_FACTS = {
    "colours": _colours,
    "icons": lambda: _drawings("icons"),
    "illustrations": lambda: _drawings("illustrations"),
    "covers": _covers,
}
