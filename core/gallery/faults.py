"""Error answers that no address of the site gives at will, for the states of their templates."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.views import defaults

from core import views


def not_found(request):
    return defaults.page_not_found(request, Http404())


def not_allowed(request):
    return defaults.permission_denied(request, PermissionDenied())


def unreadable(request):
    return views.bad_request(request, None)


def our_fault(request):
    return views.our_fault(request)


def too_large(request):
    """As core/asgi.py sends it, before Django sees the request."""
    return render(request, "413.html", {"limit": "1.0 MB"}, status=413)


for view in (not_found, not_allowed, unreadable, our_fault, too_large):
    view.login_required = False
