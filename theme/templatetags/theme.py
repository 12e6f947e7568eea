"""Pictures in templates: {% icon "check" %} and {% illustration "ladder" %} put an SVG file into the page.

The files are plain SVG, so that a designer can open and replace them. Inline, they take the page's colours
(currentcolor, var(--accent)) and are hidden from screen readers: the words beside a picture carry the meaning.
"""

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from theme import tokens

register = template.Library()

# They point along the line of text, so they turn round where it runs from right to left.
POINTING = {"chevron", "sign-out"}


@register.simple_tag
def icon(name, classes=""):
    """The drawing of icons/<name>.svg, 1.25em square in the colour of the text; `classes` are added to its own."""
    own = "icon icon-flip" if name in POINTING else "icon"
    return _inline(f"icons/{name}.svg", f"{own} {classes}".strip())


@register.simple_tag
def illustration(name, classes=""):
    """The drawing of illustrations/<name>.svg in the three layers of the press: ink, spot and tone."""
    return _inline(f"illustrations/{name}.svg", f"art {classes}".strip())


def _inline(path, classes):
    # A misspelt name raises TemplateDoesNotExist, which names every folder that was searched.
    source = get_template(path).template.source.strip()
    drawing = source.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    opening = format_html('<svg class="{}" aria-hidden="true" focusable="false" ', classes)
    return mark_safe(drawing.replace("<svg ", opening, 1))  # noqa: S308 - our own file, not a person's text


@register.simple_tag
def colour(token, scheme="light"):
    """A token as #rrggbb, for what cannot read those of a page, such as a mail: {% colour "bg" %}, {% colour "bg" "dark" %}."""
    return tokens.active()[scheme][token]


@register.filter
def duration(seconds):
    """A waiting time in words, never shorter than the wait: 30 -> "30 seconds", 61 -> "2 minutes", 3700 -> "2 hours"."""
    seconds = max(1, int(seconds))
    for length, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= length:
            count = -(-seconds // length)
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
