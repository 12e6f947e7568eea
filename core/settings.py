"""Every setting, read from the environment, with defaults that suit a fresh clone.

.env.example documents each variable. With DEBUG off the site refuses to start without a secret key and its host names.
"""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.utils.csp import CSP

from core import environment
from core.environment import BadSetting

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
if not TESTING:
    environment.read_dotenv(BASE_DIR / ".env")

# The site ---------------------------------------------------------------------------------------------------------

DEBUG = environment.flag("DEBUG", True)
SITE_NAME = environment.text("SITE_NAME", "Dimorph")
SUPPORT_EMAIL = environment.text("SUPPORT_EMAIL", "hello@example.com")
# Whatever is written at run time: the database, the development mailbox, the recommendations service's own store.
VAR_DIR = environment.folder("VAR_DIR", "var", BASE_DIR)

# A fixed key is only for development: sessions survive a restart of the server there.
SECRET_KEY = environment.text("SECRET_KEY", "development-only-key-that-never-leaves-this-machine" if DEBUG else "")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", ".localhost"] if DEBUG else [])
if not SECRET_KEY:
    raise BadSetting(
        "SECRET_KEY is needed when DEBUG is off. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
if not ALLOWED_HOSTS:
    raise BadSetting(
        "ALLOWED_HOSTS is needed when DEBUG is off. Name the hosts this site answers to, such as example.com,www.example.com."
    )
# Plain HTTP is for development and for looking at the live site on loopback (`start --live`).
HTTPS = environment.flag("HTTPS", not DEBUG)
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
# How many proxies of ours stand in front and append to X-Forwarded-For; 0 means the connection's own address counts.
TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0, 0, 5)

# Apps and the request's way through them ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "core.apps.CoreConfig",
    "landing.apps.LandingConfig",
    "dashboard.apps.DashboardConfig",
    "theme.apps.ThemeConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    *(["tailwind", "django_browser_reload"] if DEBUG else []),
]
# Each one is async-native and makes no thread of its own; core/middleware.py says why the twins exist.
MIDDLEWARE = [
    # First, so that nothing goes out without a policy: Security answers plain HTTP itself.
    "core.middleware.ContentSecurityPolicy",
    "core.middleware.Security",
    "servestatic.middleware.ServeStaticMiddleware",
    "core.middleware.request_id",
    "core.speculation.speculation",
    "core.middleware.Sessions",
    "core.middleware.Common",
    "core.middleware.Csrf",
    "core.middleware.SignedInUser",
    "core.middleware.Messages",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.login_wall",
    "core.middleware.worded_refusals",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.hashing_shed",
    # The states that a designer forces on a real page.
    *(["core.gallery.switch.switch"] if DEBUG else []),
    *(["django_browser_reload.middleware.BrowserReloadMiddleware"] if DEBUG and not TESTING else []),
]
ROOT_URLCONF = "core.urls"
ASGI_APPLICATION = "core.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.pages.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# How long one process reuses the landing page that it rendered; 0 renders it for every visitor.
LANDING_REUSE_SECONDS = environment.number("LANDING_REUSE_SECONDS", 0 if DEBUG else 60, 0, 86400)
# How old what a service said may be to stand in a page from the start; with 0 every fragment is loaded after its page.
WARM_SECONDS = environment.number("WARM_SECONDS", 0 if DEBUG else 60, 0, 3600)

# Data -----------------------------------------------------------------------------------------------------------------

try:
    DATABASES = {"default": dj_database_url.parse(environment.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}"))}
except (ValueError, dj_database_url.UnknownSchemeError) as error:
    raise BadSetting(
        "DATABASE_URL cannot be read. Write postgres://user:password@host:5432/name or sqlite:////full/path/db.sqlite3."
    ) from error
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # FULL, because an answered sign-up must survive a power cut; WAL, so that readers never wait for a writer.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;",
        "transaction_mode": "IMMEDIATE",
    }
# A thread of core/asgi.py keeps its connection for the next request. A test's is closed, or it would hold the test database.
DATABASES["default"] |= {"CONN_MAX_AGE": 0 if TESTING else 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL = environment.url("CACHE_URL", ("redis", "rediss", "unix"))
if CACHE_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
else:
    # Room enough that one kind of entry does not push out another.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10000}}}

# The two services: an empty URL runs the one that comes with the project, in this process.
PROMOS_URL = environment.url("PROMOS_URL")
RECOMMENDATIONS_URL = environment.url("RECOMMENDATIONS_URL")
PROMOS_FILE = str(BASE_DIR / environment.text("PROMOS_FILE", "core/microservices/reference/campaigns.json"))
RECOMMENDATIONS_DATABASE = str(BASE_DIR / environment.text("RECOMMENDATIONS_DATABASE", str(VAR_DIR / "recommendations.sqlite3")))

# The gallery of every state, at /_gallery/: with DEBUG on for everybody, else for staff when this is on.
GALLERY = environment.flag("GALLERY", False)
# Functions that put facts about the gallery's people into the apps' own tables; see core/gallery/cast.py.
GALLERY_FACTS = ["dashboard.gallery.furnish"]

# Accounts -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["core.accounts.backend.AddressBackend"]
# The policy: it drives the hint, the message and the validator.
PASSWORD_MIN_LENGTH = environment.number("PASSWORD_MIN_LENGTH", 12, 8, 64)
AUTH_PASSWORD_VALIDATORS = [{"NAME": "core.accounts.passwords.PolicyValidator"}]
PASSWORD_HASHERS = ["core.accounts.hashing.BoundedArgon2"]
# Sign-ups and sign-ins that may hash a password at the same time, in each process.
PASSWORD_HASHING_AT_ONCE = environment.number("PASSWORD_HASHING_AT_ONCE", 2, 1, 64)
RATE_LIMITS = environment.flag("RATE_LIMITS", True)
PASSWORD_RESET_TIMEOUT = 3600

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "core.accounts.adapter.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_SESSION_REMEMBER = None
# core/accounts/rate_limits.py counts instead: exact with several workers, and its 429 keeps what was typed.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "core.accounts.forms.SignInForm",
    "reset_password": "core.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "core.accounts.forms.NewPasswordForm",
    "change_password": "core.accounts.forms.PasswordChangeForm",
    "set_password": "core.accounts.forms.PasswordSetForm",
    "reauthenticate": "core.accounts.forms.ConfirmAccessForm",
}
SOCIALACCOUNT_FORMS = {"signup": "core.accounts.forms.SocialSignUpForm"}
# How long "Keep me signed in on this device" lasts.
REMEMBER_DAYS = 30
# How long the sign-in link in a mail works, in seconds.
SIGN_IN_LINK_SECONDS = 600
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {}
for _provider in ("google", "github"):
    _id = environment.text(f"{_provider.upper()}_CLIENT_ID")
    _secret = environment.text(f"{_provider.upper()}_CLIENT_SECRET")
    if bool(_id) != bool(_secret):
        raise BadSetting(
            f"{_provider.upper()}_CLIENT_ID and {_provider.upper()}_CLIENT_SECRET go together. Set both, or neither."
        )
    if _id:
        SOCIALACCOUNT_PROVIDERS[_provider] = {"APPS": [{"client_id": _id, "secret": _secret}]}

# Mail -----------------------------------------------------------------------------------------------------------------

# smtp://user:password@host:587 (STARTTLS) or smtps://… (TLS from the start); without it mail goes to the development mailbox.
EMAIL_URL = environment.url("EMAIL_URL", ("smtp", "smtps"))
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <{SUPPORT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAILBOX_DIR = VAR_DIR / "mailbox"
if EMAIL_URL:
    _server = urlsplit(EMAIL_URL)
    _tls = _server.scheme == "smtps"
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": _server.hostname,
                "port": _server.port or (465 if _tls else 587),
                "username": unquote(_server.username or ""),
                "password": unquote(_server.password or ""),
                "use_ssl": _tls,
                # A mail server of this machine, such as a test's, has no certificate.
                "use_tls": not _tls and _server.hostname not in {"localhost", "127.0.0.1", "::1"},
                # A person waits for the answer meanwhile.
                "timeout": 5,
            },
        }
    }
else:
    MAILERS = {
        "default": {"BACKEND": "core.accounts.mailbox.Mailbox" if DEBUG else "django.core.mail.backends.console.EmailBackend"}
    }

# Sessions, cookies, headers -------------------------------------------------------------------------------------------

# Without a shared cache each worker would keep its own copy, and one of them would not hear of a sign-out.
SESSION_ENGINE = "django.contrib.sessions.backends." + ("cached_db" if CACHE_URL else "db")
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
# The page that owns the form answers when its token is old.
CSRF_FORM_VIEW = "landing.views.csrf_refresh"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = environment.flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_SIGN_IN_ORIGINS = {"google": "https://accounts.google.com", "github": "https://github.com"}
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    # A form that starts social sign-in is redirected to the provider, which counts as its target.
    "form-action": [CSP.SELF, *(_SIGN_IN_ORIGINS[name] for name in SOCIALACCOUNT_PROVIDERS)],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
# They look for Django's middleware by its exact name; core/checks.py looks for what it does.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "security.W003"]
# The largest request body that any view is given; the server wrapper in core/asgi.py answers 413 beyond it.
MAX_BODY_BYTES = environment.number("MAX_BODY_BYTES", 1024 * 1024, 1024, 1024 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

# Language, static files, logs -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.zone("TIME_ZONE", "UTC")
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "core.static_files.Storage"},
}
SERVESTATIC_USE_FINDERS = SERVESTATIC_AUTOREFRESH = DEBUG
SERVESTATIC_USE_MANIFEST = not DEBUG
# The page that stands in when the network is gone, kept by a service worker. Off in development: it would hide a stopped server.
OFFLINE_PAGE = environment.flag("OFFLINE_PAGE", not DEBUG)
TAILWIND_APP_NAME = "theme"
LOG_LEVEL = environment.text("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise BadSetting(f"LOG_LEVEL is {LOG_LEVEL!r}. Write DEBUG, INFO, WARNING, ERROR or CRITICAL.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.LineFormatter"}},
    "filters": {"not_played": {"()": "core.logs.NotPlayed"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["not_played"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "dimorph": {"level": LOG_LEVEL},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
