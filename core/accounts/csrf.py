"""When a form's safety token is old: what is kept of it, and the page that offers to send it again."""

from django.conf import settings
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh

# Forms that may be sent again with one press: none of them does harm when a stranger filled it in.
SENT_AGAIN = {"account_signup", "account_login", "account_request_login_link", "account_reset_password", "settings"}
OTHER_SITE = (REASON_BAD_ORIGIN.partition("%")[0], REASON_BAD_REFERER.partition("%")[0])


def kept(request):
    """What the person typed, without passwords and the token."""
    return {
        name: value[:1000] for name, value in request.POST.items() if "password" not in name and name != "csrfmiddlewaretoken"
    }


def old_form_page(request, reason):
    """403: "This form got old", with the text kept where that is safe. A form that htmx sent has its page loaded again instead:
    it shows another account, or none, and a press that does nothing would say neither.
    """
    if request.htmx:
        return HttpResponseClientRefresh()
    match = request.resolver_match
    ours = not reason.startswith(OTHER_SITE)
    again = ours and match is not None and match.url_name in SENT_AGAIN
    context = {
        "action": request.path if again else None,
        "kept": kept(request) if again else {},
        "no_cookie": settings.CSRF_COOKIE_NAME not in request.COOKIES,
    }
    return render(request, "403_csrf.html", context, status=403)
