"""Reading the environment: a wrong value stops the start and names its variable."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
env = environ.Env()

DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql", "psql"}
REDIS_SCHEMES = {"redis", "rediss"}
EMAIL_SCHEMES = {
    "smtp",
    "smtps",
    "smtp+tls",
    "smtp+ssl",
    "consolemail",
    "filemail",
    "memorymail",
}


def read(name: str, reader: Callable[[str], T], *, expected: str, default: T) -> T:
    """The value of `name`, or `default` where it is unset or empty.

    Raises ImproperlyConfigured naming the variable and what it should hold; the value itself is
    not repeated, because these variables carry passwords.
    """
    if not os.environ.get(name, "").strip():
        return default
    try:
        return reader(name)
    except Exception as error:
        raise ImproperlyConfigured(f"{name}: not usable, expected {expected}") from error


def _scheme_of(name: str, allowed: set[str]) -> str:
    value = os.environ[name].strip()
    if urlsplit(value).scheme not in allowed:
        raise ValueError(name)
    return value


def database(default: str) -> dict[str, Any]:
    def parse(name: str) -> dict[str, Any]:
        _scheme_of(name, DATABASE_SCHEMES)
        config = env.db_url(name)
        if not config.get("NAME"):
            raise ValueError(name)
        return dict(config)

    return read(
        "DATABASE_URL",
        parse,
        expected="postgres://user:password@host:5432/name or sqlite:////path/to/file.sqlite3",
        default=dict(env.db_url_config(default)),
    )


def redis_url() -> str:
    return read(
        "REDIS_URL",
        lambda name: _scheme_of(name, REDIS_SCHEMES),
        expected="redis://host:6379/0",
        default="",
    )


def email() -> dict[str, Any]:
    def parse(name: str) -> dict[str, Any]:
        _scheme_of(name, EMAIL_SCHEMES)
        config = dict(env.email_url(name))
        if "smtp" in str(config["EMAIL_BACKEND"]) and not config.get("EMAIL_HOST"):
            raise ValueError(name)
        return config

    return read(
        "EMAIL_URL",
        parse,
        expected="smtp+tls://user:password@host:587, smtp+ssl://… or smtp://host:25",
        default={},
    )


def flag(name: str, *, default: bool) -> bool:
    def parse(variable: str) -> bool:
        word = os.environ[variable].strip().lower()
        if word not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
            raise ValueError(variable)
        return word in {"1", "true", "yes", "on"}

    return read(name, parse, expected="true or false", default=default)


def number(name: str, *, default: int) -> int:
    def parse(variable: str) -> int:
        value = int(os.environ[variable])
        if value < 0:
            raise ValueError(variable)
        return value

    return read(name, parse, expected="a whole number, 0 or more", default=default)


def base_url(default: str) -> str:
    def parse(variable: str) -> str:
        value = os.environ[variable].strip().rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
            raise ValueError(variable)
        return value

    return read(
        "CLIENTDESK_BASE_URL",
        parse,
        expected="https://desk.example.com, no path",
        default=default,
    )


def secret_key(data: Path) -> str:
    """SECRET_KEY from the environment, else one made once and kept in the data directory."""
    if given := os.environ.get("SECRET_KEY", "").strip():
        if len(given) < 50:
            raise ImproperlyConfigured("SECRET_KEY: not usable, expected at least 50 characters")
        return given
    path = data / "secret_key"
    try:
        # O_EXCL: of two processes that start at once, one writes and the other reads.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def data_directory(default: Path) -> Path:
    path = Path(os.environ.get("CLIENTDESK_DATA", "").strip() or default).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            "CLIENTDESK_DATA: not usable, expected a directory that can be written to"
        ) from error
    if not os.access(path, os.W_OK):
        raise ImproperlyConfigured(
            "CLIENTDESK_DATA: not usable, expected a directory that can be written to"
        )
    return path


def web_address(name: str) -> str:
    """An http or https address, or nothing."""

    def parse(name: str) -> str:
        value = _scheme_of(name, {"http", "https"})
        if not urlsplit(value).hostname:
            raise ValueError(name)
        return os.environ[name].strip()

    return read(name, parse, expected="an http or https address", default="")
