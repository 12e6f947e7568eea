"""Serves the generated covers. The address carries all the picture depends on, so a browser asks once a year."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.views.decorators.http import require_safe

from theme import tokens
from theme.cover_text import AUTHOR_LENGTH, TITLE_LENGTH
from theme.covers import PALETTES, cover_svg

# An address may be a little longer than what is drawn: the generator shortens with an ellipsis.
LONGEST = {"title": TITLE_LENGTH + 40, "author": AUTHOR_LENGTH + 20}


@login_not_required
@require_safe
async def cover(request: HttpRequest, version: str, palette: str) -> HttpResponse:
    """The cover as SVG, in the colours that `version` stands for. 404 for a palette that does not exist; 400 for a query that
    `cover_url` would not write. The address of a theme that is gone gives today's colours, and is not kept for long.
    """
    if palette not in PALETTES:
        return HttpResponseNotFound("There is no cover at this address.", content_type="text/plain; charset=utf-8")
    query = request.GET
    well_formed = (
        query.get("title")
        and all(name in LONGEST and len(query.getlist(name)) == 1 for name in query)
        and all(len(query[name]) <= LONGEST[name] for name in query)
    )
    if not well_formed:
        return HttpResponseBadRequest(
            "A cover needs one title and at most one author, of ordinary length.",
            content_type="text/plain; charset=utf-8",
        )
    theme = tokens.with_covers(version)
    drawn = cover_svg(query["title"], query.get("author", ""), palette, theme)
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable" if theme else "public, max-age=600"
    # An SVG opened on its own is a document: this one may load and run nothing.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
