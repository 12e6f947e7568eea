"""The settings page: what we call the person, and the ways to their address, password and other ways to sign in."""

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts import email_change, form_pages, providers
from core.accounts.forms import ProfileForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request):
    """The overview; a POST saves the name."""
    status = 200
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST":
        if form.is_valid():
            form.save()
            messages.success(request, _("Your name is saved."))
            return redirect("settings")
        form_pages.focus_first_error(form)
        # The page around the form still calls the person what is stored.
        request.user.refresh_from_db(fields=["name"])
        status = 422
    context = {
        "form": form,
        "address": email_change.current(request.user),
        "pending": email_change.pending(request.user),
        "providers": providers.offered(),
        "connected": list(SocialAccount.objects.filter(user=request.user).values_list("provider", flat=True)),
        "error_title": status != 200,
    }
    return render(request, "account/settings.html", context, status=status)
