"""Django's settings, made from `signoff.config`: nothing here is for an operator to edit."""

from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from signoff.config import config

SIGNOFF = config()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = SIGNOFF.secret_key.get_secret_value()
DEBUG = SIGNOFF.debug
ALLOWED_HOSTS = SIGNOFF.allowed_hosts
CSRF_TRUSTED_ORIGINS = [SIGNOFF.public_url]
ROOT_URLCONF = "signoff.project.urls"
WSGI_APPLICATION = "signoff.project.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    # The interfaces come before allauth, so that their templates win.
    "signoff.presentation",
    "signoff.portal",
    "signoff.desk",
    "signoff.api",
    *(["ninja"] if SIGNOFF.api_docs else []),  # only for the files of its page
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "signoff.audit",
    "signoff.accounts",
    "signoff.notice",
    "signoff.push",
    "signoff.alternatives",
    "signoff.journal",
    "signoff.settlement",
    "signoff.closing",
    "signoff.evidence",
    "signoff.review",
    "signoff.talk",
    "signoff.hotline",
    "signoff.briefing",
    "signoff.termination",
    "signoff.feeds",
    "signoff.sagas",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "signoff.project.headers.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "signoff.project.problems.ProblemPagesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "signoff.project.branding.branding",
            ],
        },
    }
]

_url = SIGNOFF.database_url or f"sqlite:///{(SIGNOFF.home / 'signoff.sqlite3').resolve()}"
DATABASES = {"default": dj_database_url.parse(_url, conn_max_age=None, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time, and a writer says so at once: a transaction that begins by reading and
    # then wants to write could not wait for another writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        # A deleted key of a case is overwritten, and not only forgotten.
        " PRAGMA secure_delete=ON;",
    }
else:
    # A frozen process must not keep its row locks for ever.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c idle_in_transaction_session_timeout=60000"
    )

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Chinese"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = SIGNOFF.home.resolve() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
STAFF_HOME = "/desk/"
ACCOUNT_ADAPTER = "signoff.accounts.sign_in.SignInAdapter"
ACCOUNT_FORMS = {"login": "signoff.accounts.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SIGNOFF.public_url.partition(":")[0]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SIGNOFF.brand_name
USERSESSIONS_TRACK_ACTIVITY = False
# Behind a proxy all callers have its address: limits per address would be one limit for everybody.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SIGNOFF.trusted_proxy else 0
# Only the limits on tries are in it. By default it forgets a third of what it holds at the 300th
# entry: whoever comes from many addresses would wipe out the count of somebody else's tries.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = SIGNOFF.mail_sender
EMAIL_HOST, _mail_port = SIGNOFF.mail.rsplit(":", 1)
EMAIL_PORT = int(_mail_port)
EMAIL_HOST_USER = SIGNOFF.mail_username or ""
EMAIL_HOST_PASSWORD = SIGNOFF.mail_password.get_secret_value() if SIGNOFF.mail_password else ""
EMAIL_USE_TLS = SIGNOFF.mail_tls == "starttls"
EMAIL_USE_SSL = SIGNOFF.mail_tls == "implicit"
EMAIL_TIMEOUT = SIGNOFF.remote_timeout

FORM_RENDERER = "signoff.presentation.forms.SignoffRenderer"

_tls = SIGNOFF.public_url.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _tls
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_HSTS_SECONDS = 31536000 if _tls else 0
SECURE_SSL_REDIRECT = _tls and not SIGNOFF.trusted_proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SIGNOFF.trusted_proxy else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_HANDLERS = ["signoff.project.uploads.OneFile"]

LOGGING_CONFIG = "signoff.project.logging.configure"
LOGGING = {"version": 1}  # Django calls LOGGING_CONFIG only if it is given something
