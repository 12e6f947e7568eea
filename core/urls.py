"""The site map. Pages are named as strings; fragments, which htmx loads into a page, live under fragments/."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from core import speculation, views

admin.site.site_header = admin.site.site_title = f"{settings.SITE_NAME} administration"

home = views.HomePageView.as_view(
    anon_template_name="landing/home.html",
    anon_context="landing.home.home_context",
    anon_key="landing.home.reuse_key",
    user_template_name="dashboard/home.html",
    user_context="dashboard.home.home_context",
    user_at_hand="dashboard.home.at_hand",
)

urlpatterns = [
    # One address, two pages.
    path("", home, name="home"),
    # What a visitor sees: sign-up, the promo strip, offers, privacy, terms.
    path("", include("landing.urls")),
    # What a member sees: picks, offers, recommendations.
    path("", include("dashboard.urls")),
    # Signing in and out, passwords, addresses, settings, and the development mailbox.
    path("", include("core.accounts.urls")),
    # How it looks: generated book covers.
    path("covers/", include("theme.urls")),
    # What belongs to nobody.
    path("theme/", views.theme, name="theme"),
    path("health/", views.health, name="health"),
    path("offline/", views.offline, name="offline"),
    re_path(r"^speculation/(?P<readers>visitors|members)\.json$", speculation.rules, name="speculation_rules"),
    path("sw.js", views.service_worker, name="service_worker"),
    # Every state of every page, for whoever designs them.
    path("_gallery/", include("core.gallery.urls")),
    path("admin/login/", views.staff_sign_in),
    path("admin/", admin.site.urls),
    re_path(r"^fragments/", views.unknown_fragment),
]

handler400 = "core.views.bad_request"
handler500 = "core.views.our_fault"

if settings.DEBUG and not settings.TESTING:
    urlpatterns.append(path("__reload__/", include("django_browser_reload.urls")))
