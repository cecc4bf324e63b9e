"""Everything the environment may say, read once and typed.

A value that cannot be understood stops the start with a sentence that names the variable. `docs/reference/settings.md`
lists every variable; a test compares that page with this file.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, EnvValidationError, ValidationError

from cms.users.choices import Role

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Services of machine translation by the names that the environment gives them, and what speaks to them.
MACHINES = {
    "libretranslate": "cms.translation.machines.libretranslate.LibreTranslate",
    "deepl": "cms.translation.machines.deepl.DeepL",
    "dummy": "cms.translation.machines.dummy.Dummy",
}


@dataclass(frozen=True)
class Environment:
    secret_key: str
    encryption_keys: list[str]
    public_url: str
    allowed_hosts: list[str]
    database: dict[str, Any]
    cache: dict[str, Any]
    email: dict[str, Any]
    search_url: str
    media_root: Path
    private_root: Path
    data_dir: Path
    site_name: str
    secure_cookies: bool
    default_from_email: str
    mfa_required_roles: list[str]
    invitation_days: int
    session_hours: int
    session_idle_minutes: int
    machine_translation: str
    machine_translation_url: str
    machine_translation_key: str
    machine_translation_timeout: int
    api_anonymous_rate: int
    api_management: bool
    headless_preview_url: str
    headless_preview_minutes: int
    frontend_caches: list[str]
    csrf_trusted_origins: list[str] = field(default_factory=list)


def read(*, secret_required: bool) -> Environment:
    """Read the process environment, and a `.env` file beside `manage.py` where there is one.

    `secret_required` makes `SECRET_KEY` and `ALLOWED_HOSTS` mandatory; otherwise development values stand in.
    Raises `environs.EnvError`, whose message names the variable.
    """
    env = Env()
    env.read_env(BASE_DIR / ".env", recurse=False)
    port = env.int("PORT", 8000)
    public_url = env.str("PUBLIC_URL", f"http://127.0.0.1:{port}", validate=web_address).rstrip("/")
    secret = {} if secret_required else {"default": "development-only"}
    email = env.dj_email_url("EMAIL_URL", "console://")
    if "EMAIL_BACKEND" not in email:
        message = "Begin with the kind of transport, such as smtp:// or console://."
        raise EnvValidationError(f'Environment variable "EMAIL_URL" invalid: {message}', [message])
    return Environment(
        secret_key=env.str("SECRET_KEY", validate=filled_in, **secret),
        encryption_keys=env.list("ENCRYPTION_KEYS", []),
        public_url=public_url,
        allowed_hosts=env.list("ALLOWED_HOSTS") if secret_required else env.list("ALLOWED_HOSTS", ["*"]),
        database=env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}", conn_max_age=60),
        cache=env.dj_cache_url("CACHE_URL", "locmem://"),
        email=email,
        search_url=env.str("SEARCH_URL", "", validate=web_address_or_nothing),
        media_root=env.path("MEDIA_ROOT", BASE_DIR / "media", validate=lambda folder: filled_in(folder.name)),
        private_root=env.path("PRIVATE_ROOT", BASE_DIR / "private", validate=lambda folder: filled_in(folder.name)),
        data_dir=env.path("DATA_DIR", BASE_DIR.parent / "shared" / "data"),
        site_name=env.str("SITE_NAME", "Shared Practice"),
        secure_cookies=env.bool("SECURE_COOKIES", public_url.startswith("https://")),
        default_from_email=env.str("DEFAULT_FROM_EMAIL", "no-reply@example.org"),
        mfa_required_roles=env.list(
            "MFA_REQUIRED_ROLES", [Role.ADMINISTRATOR.value] if secret_required else [], validate=roles
        ),
        invitation_days=env.int("INVITATION_DAYS", 7, validate=positive),
        session_hours=env.int("SESSION_HOURS", 12, validate=positive),
        session_idle_minutes=env.int("SESSION_IDLE_MINUTES", 120, validate=positive),
        machine_translation=env.str("MACHINE_TRANSLATION", "", validate=service),
        machine_translation_url=env.str("MACHINE_TRANSLATION_URL", "", validate=web_address_or_nothing).rstrip("/"),
        machine_translation_key=env.str("MACHINE_TRANSLATION_KEY", ""),
        machine_translation_timeout=env.int("MACHINE_TRANSLATION_TIMEOUT", 30, validate=positive),
        api_anonymous_rate=env.int("API_ANONYMOUS_RATE", 120, validate=no_less_than_nothing),
        api_management=env.bool("API_MANAGEMENT", False),
        headless_preview_url=env.str("HEADLESS_PREVIEW_URL", "", validate=web_address_or_nothing),
        headless_preview_minutes=env.int("HEADLESS_PREVIEW_MINUTES", 60, validate=positive),
        frontend_caches=env.list("FRONTEND_CACHE_URL", [], validate=places),
        csrf_trusted_origins=env.list("CSRF_TRUSTED_ORIGINS", []),
    )


def web_address(text: str) -> None:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError("Write an address with its scheme, such as https://practice.example.org.")


def web_address_or_nothing(text: str) -> None:
    if text:
        web_address(text)


def places(addresses: list[str]) -> None:
    for address in addresses:
        web_address(address)
        if urlsplit(address)[2:] != ("", "", "") or "@" in address:
            raise ValidationError("Write scheme, host and port of a cache alone, such as http://127.0.0.1:6081.")


def service(name: str) -> None:
    if name and name not in MACHINES:
        raise ValidationError(f"There is no service {name}. Leave it empty, or choose of {', '.join(MACHINES)}.")


def filled_in(text: str) -> None:
    if not text.strip():
        raise ValidationError("Give a value, or leave the variable out.")


def roles(names: list[str]) -> None:
    unknown = sorted(set(names) - set(Role.values))
    if unknown:
        raise ValidationError(f"There is no role {', '.join(unknown)}. The roles are {', '.join(Role.values)}.")


def positive(number: int) -> None:
    if number < 1:
        raise ValidationError("Give a whole number from 1.")


def no_less_than_nothing(number: int) -> None:
    if number < 0:
        raise ValidationError("Give a whole number from 0.")
