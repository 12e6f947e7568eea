"""What a visitor can reach beside the home page. core/urls.py includes these at the root."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from landing import promos, views


def text_page(template):
    """A view of one page that needs nothing but its template."""

    async def page(request):
        return render(request, template)

    return login_not_required(require_safe(page))


urlpatterns = [
    path("signup/", views.sign_up, name="account_signup"),
    path("offers/", promos.offers, name="offers"),
    path("offers/dismiss/", promos.dismiss_promo, name="dismiss_promo"),
    path("privacy/", text_page("landing/privacy.html"), name="privacy"),
    path("terms/", text_page("landing/terms.html"), name="terms"),
    path("fragments/sign-in/", views.sign_in_card, name="fragment_sign_in"),
    path("fragments/sign-up/", views.sign_up_card, name="fragment_sign_up"),
    path("fragments/password-verdict/", views.password_verdict, name="fragment_password_verdict"),
    path("fragments/promo-strip/", promos.promo_strip, name="fragment_promo_strip"),
]
