"""The site map with Google and GitHub set up, for states that show them. No page here leads to either of them."""

from allauth.socialaccount.providers.github import views as github
from allauth.socialaccount.providers.google import views as google
from django.urls import path

from core.accounts import social_views
from core.urls import urlpatterns as site

_social = [
    path("social/cancelled/", social_views.cancelled, name="socialaccount_login_cancelled"),
    path("social/error/", social_views.failed, name="socialaccount_login_error"),
    path("social/signup/", social_views.SocialSignUp.as_view(), name="socialaccount_signup"),
    path("settings/sign-in/", social_views.Connections.as_view(), name="socialaccount_connections"),
    path("google/login/", google.oauth2_login, name="google_login"),
    path("github/login/", github.oauth2_login, name="github_login"),
]
urlpatterns = [*_social, *site]
