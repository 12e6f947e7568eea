"""Deployment checks that Django's own cannot make here: it looks for its middleware by name, and ours are subclasses of it.

The three checks that only look for those names are silenced in settings; these stand in for them and for what they guard.
"""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.module_loading import import_string

NEEDED = (SecurityMiddleware, ContentSecurityPolicyMiddleware, CsrfViewMiddleware)


@register(Tags.security, deploy=True)
def guards_are_in_place(app_configs, **kwargs):
    """One error for each of Django's guards that no middleware of ours is made from."""
    present = [entry for entry in map(import_string, settings.MIDDLEWARE) if isinstance(entry, type)]
    return [
        Error(f"No entry of MIDDLEWARE is a {guard.__name__}.", id="core.E001")
        for guard in NEEDED
        if not any(issubclass(entry, guard) for entry in present)
    ]


@register(Tags.security, deploy=True)
def https_is_told_and_kept(app_configs, **kwargs):
    """What Django checks of HTTPS when it finds its own middleware."""
    wanted = {
        "HTTPS": "Set it to true: passwords and cookies travel with every request.",
        "SECURE_HSTS_SECONDS": "Browsers must be told to use HTTPS only.",
        "SECURE_CONTENT_TYPE_NOSNIFF": "Browsers must not guess types.",
        "SECURE_CSP": "Pages need a content security policy.",
    }
    return [
        Warning(f"{name} is off.", hint=hint, id="core.W001")
        for name, hint in wanted.items()
        if not getattr(settings, name, None)
    ]
