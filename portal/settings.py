"""All settings, read from the environment once.

Nothing set means the embedded default: SQLite, files and no server. PostgreSQL, Redis and object
storage come in through DATABASE_URL, REDIS_URL and S3_BUCKET alone. A bad value stops the start.
"""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key
from environs import Env
from kombu import Exchange, Queue

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEMO = env.bool("DEMO", False)  # demo data, marked documents, messages kept in the mailbox page
DEBUG = env.bool("DEBUG", False)
TESTING = env.bool("TESTING", False)
PORT = env.int("PORT", 8000)
PUBLIC_URL = env.str("PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
KEYS_DIR = DATA_DIR / "keys"


def _kept_secret(name: str) -> str:
    """A secret made at the first start of the embedded default and kept beside the data."""
    path = KEYS_DIR / name
    if not path.exists():
        KEYS_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_suffix(".new")
        partial.touch(mode=0o600)
        partial.write_text(get_random_secret_key())
        partial.replace(path)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "") or _kept_secret("secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
# Any strings; the encryption keys of private files are derived from them, the first one writes.
FILE_KEYS = env.list("FILE_KEYS", []) or [_kept_secret("file_key")]

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [PUBLIC_URL])
BEHIND_HTTPS = PUBLIC_URL.startswith("https://")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "portal",
    "home.subscriptions",
    "home.readership",
    "home",
    "services.desk",
    "services.registers",
    "services.appointments",
    "services.conversation",
    "services.ratings",
    "services.dossiers",
    "services.documents",
    "services.catalogue",
    "buildings.desk",
    "buildings.meetings",
    "buildings.upkeep",
    "buildings.notices",
    "buildings.requests",
    "buildings.residence",
    "buildings.registry",
    "buildings",
    "portal.core",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "phonenumber_field",
    "heroicons",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "portal.core.middleware.without_nul",
    "portal.core.page_cache.kept_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.language_of_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.second_factor",
    "portal.core.limits.bounded_bodies",
    "portal.core.files.quota.LeftOutIsSaid",
    "portal.core.middleware.private_responses",
    "portal.core.middleware.form_only_addresses",
    "portal.core.middleware.passing_failures",
    "home.middleware.editors_admin_allow_list",
    "home.tenancy.hosts.one_ward_a_host",
    "home.tenancy.leading_on.old_addresses",
    "home.middleware.kept_site",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.core.templatetags.components", "portal.core.templatetags.keeping"],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.workplaces",
            ],
        },
    }
]
FORM_RENDERER = "portal.core.forms.PortalRenderer"

# --- Database ------------------------------------------------------------------------------------
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Immediate transactions with a busy timeout: eight writers wait for each other, none fails.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, queue --------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    # One web process with threads is the embedded default, so its own memory is shared enough.
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Public pages (portal.core.page_cache). Files, because the worker publishes and the web process answers.
    "pages": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "pages"}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "pages",
        "OPTIONS": {"MAX_ENTRIES": 3000},
    },
}
if not env.bool("KEEP_PAGES", True):  # make every page afresh
    CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a wiped cache logs nobody out

QUEUE_DIR = DATA_DIR / "queue"
CELERY_TASK_DEFAULT_QUEUE = "portal"
SLOW_QUEUE = "portal-slow"  # what nobody's notice may wait for; a worker that is not told which serves both
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in (CELERY_TASK_DEFAULT_QUEUE, SLOW_QUEUE)]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200  # WeasyPrint does not give all of its memory back
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,  # longer than the longest task
        "unacked_restore_interval": 5,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "retry_on_timeout": False,
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "portal.core.broker:Transport"  # kombu's own hands a worker half-written messages
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.05,
    }
OUTBOX_LEASE = timedelta(seconds=env.int("OUTBOX_LEASE_SECONDS", 300))  # longer than the slowest job
OUTBOX_HINT_AGAIN = timedelta(
    seconds=env.int("OUTBOX_HINT_AGAIN_SECONDS", 60)
)  # a message still in the queue need not be said twice
OUTBOX_SWEEP = timedelta(seconds=env.int("OUTBOX_SWEEP_SECONDS", 20))
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    # The database is the queue of record; this picks up what the broker lost.
    "sweep-outbox": {"task": "portal.core.tasks.sweep_outbox", "schedule": OUTBOX_SWEEP},
    "watch-dossiers": {"task": "services.dossiers.tasks.watch_dossiers", "schedule": timedelta(minutes=1)},
    "watch-requests": {"task": "buildings.requests.tasks.watch_requests", "schedule": timedelta(minutes=1)},
    "forget-photos": {"task": "buildings.requests.tasks.forget_photos", "schedule": crontab(hour=3, minute=50)},
    "forget-requests": {"task": "buildings.requests.tasks.forget_requests", "schedule": crontab(hour=4, minute=40)},
    "cover-absences": {"task": "services.dossiers.tasks.cover_absences", "schedule": timedelta(minutes=5)},
    "publish-scheduled-pages": {"task": "home.tasks.publish_scheduled", "schedule": timedelta(minutes=1)},
    "promise-digest": {"task": "home.subscriptions.tasks.promise_digest", "schedule": timedelta(minutes=5)},
    "forget-subscribers": {"task": "home.subscriptions.tasks.forget", "schedule": crontab(hour=3, minute=30)},
    "forget-comments": {"task": "home.readership.tasks.forget", "schedule": crontab(hour=3, minute=40)},
    "watch-boards": {"task": "buildings.registry.tasks.watch_boards", "schedule": crontab(hour=7, minute=0)},
    "forget-imports": {"task": "buildings.registry.tasks.forget_imports", "schedule": crontab(hour=3, minute=50)},
    "watch-appointments": {
        "task": "services.appointments.tasks.watch_appointments",
        "schedule": timedelta(minutes=10),
    },
    "end-building-notices": {"task": "buildings.notices.tasks.end_notices", "schedule": timedelta(minutes=5)},
    "watch-reading": {"task": "services.desk.tasks.watch_reading", "schedule": timedelta(minutes=5)},
    "remind-upkeep": {"task": "buildings.upkeep.tasks.remind", "schedule": crontab(hour=7, minute=10)},
    "watch-residences": {"task": "buildings.residence.tasks.watch_residences", "schedule": crontab(minute=20)},
    "forget-drafts": {"task": "services.dossiers.tasks.forget_drafts", "schedule": crontab(hour=3, minute=20)},
    "forget-jobs": {"task": "portal.core.tasks.forget_jobs", "schedule": crontab(hour=4, minute=0)},
    "sweep-files": {
        "task": "portal.core.tasks.sweep_files",
        "schedule": crontab(day_of_week="sunday", hour=4, minute=20),
    },
    "clear-sessions": {"task": "portal.core.tasks.clear_sessions", "schedule": crontab(hour=3, minute=10)},
}
# What the clock starts goes through many rows and may wait its turn; these two somebody waits for.
CELERY_TASK_ROUTES = {
    entry["task"]: {"queue": SLOW_QUEUE}
    for name, entry in CELERY_BEAT_SCHEDULE.items()
    if name not in ("sweep-outbox", "publish-scheduled-pages")
}

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")
MEDIA_URL = "/media/"  # pictures of pages (home.media); never served by a web server from the folder
MEDIA_ROOT = DATA_DIR / "media"
S3_BUCKET = env.str("S3_BUCKET", "")
_s3 = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env.str("S3_ENDPOINT_URL", None),
    "region_name": env.str("S3_REGION", None),
    "access_key": env.str("S3_ACCESS_KEY", None),
    "secret_key": env.str("S3_SECRET_KEY", None),
    "file_overwrite": False,
}
STORAGES = {
    "default": {"BACKEND": "portal.core.files.bucket.PagesBucket", "OPTIONS": {**_s3, "location": "media"}}
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Dossier papers and issued documents: encrypted, without an address of their own.
    "private": {
        "BACKEND": "portal.core.files.storage.PrivateStorage",
        "OPTIONS": {
            "inner": {"BACKEND": "portal.core.files.bucket.Bucket", "OPTIONS": {**_s3, "location": "private"}}
            if S3_BUCKET
            else {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(DATA_DIR / "private"), "file_permissions_mode": 0o600},
            }
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
# Who signs issued documents: a class with the two methods of services.documents.authority.Authority.
DOCUMENT_AUTHORITY = env.str("DOCUMENT_AUTHORITY", "services.documents.authority.KeptAuthority")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a procedure with many blocks, in the editors' admin
DATA_UPLOAD_MAX_NUMBER_FILES = 24  # twenty photos of a report, and the fields left empty beside them
MAX_FILES_BYTES = 60 * 1024 * 1024  # of one request: four papers of the largest size; what is beyond is left out
MAX_REQUEST_BYTES = 64 * 1024 * 1024
MAX_REQUEST_BYTES_SIGNED_IN = 320 * 1024 * 1024  # twenty photos of the largest size at once: the first are kept
FILE_UPLOAD_HANDLERS = [
    "portal.core.files.quota.WithinQuota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
# Django's own backend with phone numbers added; both together would hash every password twice.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["full_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_login"
ACCOUNT_ADAPTER = "portal.core.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Either contact will do. allauth's checks know no "either", so e-mail is called required here and
# the sign-up form lets it go when there is a phone number.
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "portal.core.accounts.forms.LoginForm",
    "signup": "portal.core.accounts.forms.SignupForm",
    "add_email": "portal.core.accounts.forms.EmailForm",
    "change_phone": "portal.core.accounts.forms.PhoneForm",
    "change_password": "portal.core.accounts.forms.ChangePasswordForm",
    "set_password": "portal.core.accounts.forms.SetPasswordForm",
    "reset_password": "portal.core.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.core.accounts.forms.SetNewPasswordForm",
    "confirm_email_verification_code": "portal.core.accounts.forms.EmailCodeForm",
    "confirm_password_reset_code": "portal.core.accounts.forms.PasswordResetCodeForm",
    "verify_phone": "portal.core.accounts.forms.PhoneCodeForm",
    "reauthenticate": "portal.core.accounts.forms.PasswordAgainForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True  # one address a person, replaced once the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed", to the address it concerns
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before a contact is changed
# Where allauth's own limits are too tight: a mistyped number may be corrected before a minute is
# over, and a ward's office or a family signs up behind one address.
ACCOUNT_RATE_LIMITS = {"change_phone": "5/m/user", "verify_phone": "1/30s/key,10/m/ip"}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "portal.core.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "portal.core.accounts.forms.SecondFactorForm",
    "reauthenticate": "portal.core.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "portal.core.accounts.forms.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = "Khu chung cư điện tử"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute off
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", not DEMO)  # officers and editors
PHONENUMBER_DEFAULT_REGION = "VN"

# --- Databases that stand in for papers ----------------------------------------------------------
# Database → function of the person filing, true when it knows what the paper would prove. None: ask for papers.
DATABASE_LOOKUPS = {
    database: f"services.catalogue.lookups.demo_{database}" for database in ("population", "residence") if DEMO
}

# --- Messages ------------------------------------------------------------------------------------
# `mailbox` keeps what would have been sent, to be read at /hop-thu-thu/ in the demo.
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.dj_email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "portal.core.notifications.mailbox.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Khu chung cư điện tử <khong-tra-loi@portal.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SMS_CHANNEL = env.str("SMS_CHANNEL", "portal.core.notifications.mailbox.send_sms")
NOTIFICATION_CHANNELS = ["portal.core.notifications.channels.email", "portal.core.notifications.channels.sms"]

# Announcements by mail to those who asked for them (home/subscriptions).
SUBSCRIPTION_DIGEST_HOUR = env.int("SUBSCRIPTION_DIGEST_HOUR", 17)  # Vietnamese time; what is later waits a day
SUBSCRIPTION_CONFIRM_WITHIN = timedelta(hours=env.int("SUBSCRIPTION_CONFIRM_HOURS", 72))
SUBSCRIPTION_QUESTIONS_A_DAY = 3  # questions one address is sent, whoever asks
SUBSCRIPTION_SIGN_UPS_KEPT = timedelta(days=7)
SUBSCRIPTION_LETTERS_KEPT = timedelta(days=90)
SUBSCRIPTION_ENDED_KEPT = timedelta(days=2 * 365)  # that somebody agreed and withdrew, without the address
SUBSCRIPTION_REFUSALS = 3  # days on which a server refuses the address before we stop

# What an officer can take back before it leaves the office; 0 makes it at once.
UNDO_SECONDS = env.int("UNDO_SECONDS", 20)
# So much in one hour by one officer is reported to the ward's leader; 0 reports nothing.
MASS_READING = {
    "opened": env.int("MASS_READING_OPENED", 300),  # dossiers
    "listed": env.int("MASS_READING_LISTED", 2000),  # lines of lists and searches
    "exported": env.int("MASS_READING_EXPORTED", 1000),  # lines of files
}

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "vi"  # without a prefix in addresses (portal.core.addresses)
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
NUMBER_GROUPING = 3  # the Vietnamese formats have the point, not where it stands: 10.000
PHONE_HOTLINE = env.str("PHONE_HOTLINE", "")

# --- Wagtail -------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Khu chung cư điện tử"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/tai-khoan/login/"
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "portal.core.sqlite_search"
        if DATABASES["default"]["ENGINE"].endswith("sqlite3")
        else "wagtail.search.backends.database"
    }
}
WAGTAILIMAGES_IMAGE_MODEL = "home.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "home.PublicFile"
# Photos on phones: a page with two pictures stays within its 150 kB.
WAGTAILIMAGES_AVIF_QUALITY, WAGTAILIMAGES_WEBP_QUALITY, WAGTAILIMAGES_JPEG_QUALITY = 48, 68, 72
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# Photos of phones have up to 50 million pixels; a small file may claim more, and would fill the memory.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.editing.uploads.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "heic"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "txt", "csv", "ics"]
WAGTAILDOCS_INLINE_CONTENT_TYPES = []
# An address typed into a text stays an address: Wagtail would look for its page in every ward.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = ""

# --- Security ------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows its preview in a frame of the same origin
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which would have it DENY
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/bien-tap/",),  # Wagtail's admin needs inline script
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "portal.core.log_lines.OneLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django_tasks": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
    },
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
