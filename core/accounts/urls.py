"""Addresses of everything about an account. Only views of ours are listed: nothing of allauth's own look can be reached."""

from django.conf import settings
from django.urls import path, re_path

from core.accounts import email_views, mailbox, password_views, rate_limits, settings_views, views

urlpatterns = [
    # Signing in and out. Signing up is the landing page's: landing/urls.py.
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("login/link/", views.RequestSignInLink.as_view(), name="account_request_login_link"),
    path("login/link/sent/", views.sign_in_link_sent, name="account_login_link_sent"),
    path("login/link/<str:token>/", views.sign_in_link, name="account_login_link"),
    path("login/closed/", views.inactive, name="account_inactive"),
    path("logout/", views.sign_out, name="account_logout"),
    # A forgotten password.
    path("password/reset/", password_views.PasswordReset.as_view(), name="account_reset_password"),
    path("password/reset/sent/", password_views.password_reset_sent, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        password_views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    # Links in mails about an address.
    re_path(r"^email/confirm/(?P<key>[-:\w]+)/$", email_views.ConfirmEmail.as_view(), name="account_confirm_email"),
    path("email/undo/<str:token>/", email_views.undo_change, name="account_email_undo"),
    # Settings.
    path("settings/", settings_views.settings_page, name="settings"),
    path("settings/email/", email_views.email, name="account_email"),
    path("settings/password/", password_views.PasswordChange.as_view(), name="account_change_password"),
    path("settings/password/first/", password_views.PasswordSet.as_view(), name="account_set_password"),
    path("settings/confirm/", password_views.ConfirmAccess.as_view(), name="account_reauthenticate"),
    # Mail of a development machine; 404 with DEBUG off.
    path("dev/mailbox/", mailbox.mailbox, name="dev_mailbox"),
    path("dev/mailbox/<str:name>/", mailbox.mail, name="dev_mail"),
    path("dev/mailbox/<str:name>/html/", mailbox.mail_html, name="dev_mail_html"),
]

if settings.SOCIALACCOUNT_PROVIDERS:
    from core.accounts import social_views

    urlpatterns += [
        path("social/cancelled/", social_views.cancelled, name="socialaccount_login_cancelled"),
        path("social/error/", social_views.failed, name="socialaccount_login_error"),
        path("social/signup/", social_views.SocialSignUp.as_view(), name="socialaccount_signup"),
        path("settings/sign-in/", social_views.Connections.as_view(), name="socialaccount_connections"),
    ]
if "google" in settings.SOCIALACCOUNT_PROVIDERS:
    from allauth.socialaccount.providers.google import views as google

    urlpatterns += [
        path("google/login/", views.limited(rate_limits.LINKS)(google.oauth2_login), name="google_login"),
        path("google/login/callback/", google.oauth2_callback, name="google_callback"),
    ]
if "github" in settings.SOCIALACCOUNT_PROVIDERS:
    from allauth.socialaccount.providers.github import views as github

    urlpatterns += [
        path("github/login/", views.limited(rate_limits.LINKS)(github.oauth2_login), name="github_login"),
        path("github/login/callback/", github.oauth2_callback, name="github_callback"),
    ]
