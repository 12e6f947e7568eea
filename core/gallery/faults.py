"""Error answers that no address of the site gives at will, for the states of their templates."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views import defaults

from core import views
from core.accounts.views import link_ended


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


def link_too_old(request):
    """As core.accounts.views.sign_in_link answers after ten minutes."""
    return link_ended(request, "expired", reverse("account_request_login_link"))


for view in (not_found, not_allowed, unreadable, our_fault, too_large, link_too_old):
    view.login_required = False
