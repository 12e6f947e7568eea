"""{% workshop as bar %}: what the state switcher of templates/gallery/_bar.html shows; None outside development."""

from django import template
from django.conf import settings

from core import scenes

register = template.Library()


@register.simple_tag(takes_context=True)
def workshop(context):
    if not settings.DEBUG or settings.TESTING or scenes.playing():
        return None
    from core.gallery import switch

    return switch.bar(context["request"])
