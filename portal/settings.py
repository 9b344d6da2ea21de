"""Every setting of the portal, safe by default; each difference between machines is an environment variable read here.

MODE is `production` unless it says `demo` (make run: SQLite, loopback only) or `test`.
"""

import contextlib
import os
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from portal.environment import Environment

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))
with contextlib.suppress(OSError):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
if not (DATA_DIR.is_dir() and os.access(DATA_DIR, os.W_OK)):
    raise ImproperlyConfigured(f"De map {DATA_DIR} is niet schrijfbaar: kies een andere met DATA_DIR=….")

MODE = env.text("MODE", "production")
if MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"MODE={MODE!r} does not exist: use production, demo or test.")
IS_PRODUCTION = MODE == "production"
DEBUG = env.flag("DEBUG") and not IS_PRODUCTION
IS_PUBLIC_DEMO = MODE == "demo" and env.flag("DEMO_PUBLIC")  # passwords that nobody can know

# Where the portal answers.
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]
if IS_PRODUCTION:
    SECRET_KEY = env.require("SECRET_KEY", "a long random text that signs sessions and links")
    ALLOWED_HOSTS = env.items("ALLOWED_HOSTS")
    if not ALLOWED_HOSTS:
        env.require("ALLOWED_HOSTS", "the host names the portal answers to, separated by commas")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS=* answers to every name: list the host names of the portal."
        )
    DATABASE_URL = env.require("DATABASE_URL", "postgres://user:password@host/name")
    env.finish()
    SITE_URL = env.text("SITE_URL", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
else:
    SECRET_KEY = env.text("SECRET_KEY", "only-for-the-demo-and-the-tests-" + "x" * 32)
    ALLOWED_HOSTS = [*LOOPBACK_NAMES, *env.items("ALLOWED_HOSTS")] + (
        ["testserver"] if MODE == "test" else []
    )
    if IS_PUBLIC_DEMO:
        ALLOWED_HOSTS = env.items("ALLOWED_HOSTS") or ["*"]
    DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
    SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
CANONICAL_HOST = urlsplit(SITE_URL).netloc if IS_PRODUCTION else ""
IS_HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "portal",
    "portal.search",
    "portal.accounts",
    "portal.lost",
    "themes",
    "knowledgebase",
    "news",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.watching.naming.NamingMiddleware",
    "portal.middleware.SecurityHeadersMiddleware",
    "portal.cache.marking.PublicAnswerMiddleware",
    "portal.middleware.CompressionMiddleware",
    "portal.middleware.UnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.CanonicalHostMiddleware",
    "portal.middleware.BadInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.sessions.SessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.journal.DenialMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.lost.middleware.OldPageNumberMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.admin.incomplete.IncompleteFormMiddleware",
    "portal.admin.editing.WholePageMiddleware",
]

APPEND_SLASH = (
    False  # portal.lost says where an address without its slash leads, in one step with all the rest
)
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.chrome.chrome",
            ],
        },
    }
]

# Databases: SQLite for the demo, PostgreSQL in production; both pass the same tests.
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # a file: threads share no lock in memory
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-1000;",  # kB for each thread
    }
    if MODE != "test":
        _database["CONN_MAX_AGE"] = 60  # opening and closing takes longer than a page's queries
elif _database["ENGINE"].endswith("postgresql"):
    _database["OPTIONS"] = {
        "connect_timeout": 3,
        **{"keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 15000},
        "options": "-c DateStyle=ISO -c idle_in_transaction_session_timeout=60000"
        f" -c statement_timeout={env.number('STATEMENT_TIMEOUT', 10000)}"
        f" -c lock_timeout={env.number('LOCK_TIMEOUT', 0)}",
        **_database.get("OPTIONS", {}),
    }
    if MODE != "test":
        _database["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.number("DATABASE_POOL", 8),
            "timeout": 3,
            "reconnect_timeout": 2,
        }
        _database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One server needs neither; several share the generation through Redis or Valkey.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CACHE_URL = env.text("CACHE_URL")

# Copies of public pages, in front of Django (docs/cache.md).
PAGE_CACHE = env.flag("PAGE_CACHE", MODE != "test" and not DEBUG)
PAGE_CACHE_MEMORY = env.number("PAGE_CACHE_MEMORY", 8) * 1024 * 1024
PAGE_CACHE_RENDERS = env.number("PAGE_CACHE_RENDERS", 4)
# A Varnish or CDN that the worker tells which addresses have changed.
CDN_PURGE_URL = env.text("CDN_PURGE_URL")
CLOUDFLARE_ZONE = env.text("CLOUDFLARE_ZONE")
CLOUDFLARE_TOKEN = (
    env.require("CLOUDFLARE_TOKEN", "a token that may purge CLOUDFLARE_ZONE") if CLOUDFLARE_ZONE else ""
)

# Accounts: a second step after the password, and a lock-out per person and address that ends by itself.
SECOND_STEP = IS_PRODUCTION or env.flag("SECOND_STEP")
OTP_TOTP_ISSUER = "Lokale Democratie"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # a wrong code counts as a wrong password does
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "portal.accounts.passwords.NotCommon"},
    {"NAME": "portal.accounts.passwords.NotYourself"},
]
AXES_HANDLER = "portal.accounts.limits.LoginLimits"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "code", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "portal.middleware.client_address"
PROXY_COUNT = env.number("PROXY_COUNT", 0)

SESSION_COOKIE_AGE = SESSION_LONGEST = 12 * 60 * 60
SESSION_IDLE = 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.stale_form"
if IS_HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessie"
    CSRF_COOKIE_NAME = "__Host-csrf"

# Headers: what Django sets itself; the policies for public pages and the admin are chosen in portal.middleware.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^gezondheid/"]
if env.flag("BEHIND_PROXY", IS_PRODUCTION):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
# The one inline script of a page is allowed by what it is, the icon by being data.
_MODULES = sha256((BASE_DIR / "templates" / "components" / "modules.js").read_bytes()).digest()
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, f"'sha256-{b64encode(_MODULES).decode()}'"],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# The admin's edit form has inline scripts without a nonce, and styles set by its editor.
ADMIN_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF, "data:"],
    "frame-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Language and time.
LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "portal.formats"

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.stylesheet.StylesheetFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "portal.media_storage.MediaStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if MODE == "test":
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FILE_UPLOAD_PERMISSIONS = 0o644

# Mail: by SMTP in production (the machine's own server unless another is named), sent by the worker from a queue
# (portal.mail); to the console in the demo.
MAIL_FROM = env.text("MAIL_FROM", "redactie@example.org")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
if IS_PRODUCTION or env.text("MAIL_HOST"):
    MAILERS = {
        "default": {"BACKEND": "portal.mail.queue.EmailBackend"},
        "outgoing": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": env.text("MAIL_HOST", "localhost"),
                "port": env.number("MAIL_PORT", 587 if env.text("MAIL_HOST") else 25),
                "username": env.text("MAIL_USER"),
                "password": env.text("MAIL_PASSWORD"),
                "use_tls": env.flag("MAIL_TLS", bool(env.text("MAIL_HOST"))),
                "timeout": 10,
            },
        },
    }
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}

# Wagtail.
WAGTAIL_SITE_NAME = "Lokale Democratie"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "portal.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "portal.PortalDocument"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search.backend"}}
WAGTAILADMIN_USER_LOGIN_FORM = "portal.accounts.forms.LoginForm"
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "portal.admin.rich_text.RichTextArea"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS = []
WAGTAILADMIN_PERMITTED_LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
# As an editor writes a date; each is among the formats that nl reads, and so is an ISO date.
WAGTAIL_DATE_FORMAT, WAGTAIL_TIME_FORMAT = "%d-%m-%Y", "%H:%M"
WAGTAIL_DATETIME_FORMAT = f"{WAGTAIL_DATE_FORMAT} {WAGTAIL_TIME_FORMAT}"
WAGTAIL_FRONTEND_LOGIN_URL = "/beheer/login/"
# A page is for everyone or for people with an account: a shared password would be a door of its own.
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_USER_TIME_ZONES = ["Europe/Amsterdam"]
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Approved is published, with the approver's own corrections; portal.admin.moderation keeps back what they did not read.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
TAGGIT_CASE_INSENSITIVE = True
# Uploads: by size, by pixels, by content (portal.models.media).
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.admin.images.ImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"gif": "png", "avif": "avif", "webp": "webp"}
WAGTAILIMAGES_WEBP_QUALITY = 78
WAGTAILIMAGES_AVIF_QUALITY = 50
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ics", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
LARGEST_REQUEST = 30 * 1024 * 1024  # bytes: one upload with its form; nginx.conf has the same
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES = []
WAGTAILDOCS_BLOCK_EMBEDDED_CONTENT = True

# The portal's own.
SECURITY_CONTACT = env.text("SECURITY_CONTACT", "mailto:security@example.org")
PAGE_SIZE = 20
# The nightly backup of the worker; no folder, no backup. An age public key encrypts it.
BACKUP_DIR = env.text("BACKUP_DIR")
BACKUP_RECIPIENT = env.text("BACKUP_RECIPIENT")
# Where the worker answers Prometheus: never an address that others than the operator can reach.
METRICS_ADDRESS = env.text("METRICS_ADDRESS", "127.0.0.1:9108" if IS_PRODUCTION else "0")
# What people look for is noted without saying who (portal.search.log); 0 switches it off.
SEARCH_LOG = env.flag("SEARCH_LOG", True)
SEARCH_LOG_DAYS = 90

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "portal.watching.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout" if IS_PRODUCTION else "ext://sys.stderr",
            "formatter": "json" if IS_PRODUCTION else "line",
        }
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO" if IS_PRODUCTION else "WARNING")},
    "loggers": {
        "django.request": {"level": "ERROR"},  # each refusal is in its request's own line
        "django.server": {"level": "WARNING"},
        # These name people, their addresses and titles; portal.watching.events says the same without.
        "wagtail": {"level": "WARNING"},
        "axes": {"level": "CRITICAL"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
