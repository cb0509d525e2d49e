"""Settings, read from the environment (prefix ``NETZRAUM_``) only where an app is composed.

Every setting may come from a file instead: ``NETZRAUM_SERVICE_KEY_FILE=/run/secrets/key``.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SERVICES = ("identity", "spaces", "content", "calendar", "polls")
PREFIX = "NETZRAUM_"
DEFAULT_PASSWORDS = frozenset(
    {"admin", "change-me", "changeme", "default", "guest", "netzraum", "password", "postgres", "rabbitmq", "secret"}
)


Settings = TypeVar("Settings", bound=BaseSettings)


class BadSettings(ValueError):
    """The settings do not let anything start; the message names the variables."""


def read_secret_files(values: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a field from the file that ``NETZRAUM_<FIELD>_FILE`` names; a direct value wins."""
    for field in fields:
        path = os.environ.get(f"{PREFIX}{field.upper()}_FILE")
        if path and values.get(field) is None:
            try:
                values[field] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadSettings(f"{PREFIX}{field.upper()}_FILE: {path} cannot be read: {error.strerror}") from error
    return values


class ServiceSettings(BaseSettings):
    """What one service needs to run by itself; standalone fills the same fields in code."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: SecretStr = Field(description="postgresql+asyncpg://… or sqlite+aiosqlite:///…")
    database_pool: int = Field(default=10, ge=1)
    bus_url: SecretStr | None = Field(default=None, description="amqp://user:password@host:port/vhost")
    policy_url: str | None = Field(default=None, description="the sidecar: http://127.0.0.1:8181")
    policy_directory: Path | None = Field(default=None, description="compiled policy and its data files")
    policy_published: Path | None = Field(
        default=None, description="beside a sidecar: the folder of `netzraum policy publish`, for the operator's page"
    )
    peers: dict[str, str] = Field(
        default_factory=dict, description="addresses of services (identity) and internal ports (identity.internal)"
    )
    service_key: SecretStr | None = Field(default=None, description="own Ed25519 private key, a JWK in JSON")
    peer_keys: str | None = Field(default=None, description="public keys of all callers, a JWK set in JSON")
    blobs_url: str | None = Field(default=None, description="file:///folder or s3://bucket/prefix")
    mail_url: SecretStr | None = Field(default=None, description="smtp://… or file:///folder of .eml files")
    mail_from: str = "netzraum@localhost"
    keys_folder: Path | None = Field(
        default=None,
        description="polls, identity: keys that no database and no backup of one holds; shared by replicas",
    )
    public_url: str = Field(default="http://127.0.0.1:8000", description="how browsers reach the gateway")
    traces_url: str | None = Field(default=None, description="OTLP over HTTP; traces are off without it")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    internal_port: int = Field(default=8001, ge=0, le=65535)

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        return read_secret_files(values, cls.model_fields)

    @field_validator("database_url", "bus_url", "mail_url")
    @classmethod
    def _own_password(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and unquote(urlsplit(url.get_secret_value()).password or "") in DEFAULT_PASSWORDS:
            raise ValueError("this is a default password; choose one of your own")
        return url

    @model_validator(mode="after")
    def _one_policy(self) -> Self:
        if (self.policy_url is None) == (self.policy_directory is None):
            raise ValueError("set exactly one of NETZRAUM_POLICY_URL and NETZRAUM_POLICY_DIRECTORY")
        return self


def read_settings(kind: type[Settings]) -> Settings:
    """
    Raises:
        BadSettings: something is missing or wrong; the message names the variables and holds no value.
    """
    try:
        return kind()
    except ValidationError as error:
        raise BadSettings("\n".join(_said(fault) for fault in error.errors())) from None


def needed(value: SecretStr | Path | str | None, field: str) -> str:
    """
    Raises:
        BadSettings: it is not set.
    """
    if not value:
        raise BadSettings(_missing(field.lower()))
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _missing(field: str) -> str:
    variable = f"{PREFIX}{field.upper()}"
    return f"{variable} is not set ({variable}_FILE may name a file that holds it)"


def _said(fault: Any) -> str:
    if not fault["loc"]:
        return str(fault["msg"]).removeprefix("Value error, ")
    field = str(fault["loc"][0])
    if fault["type"] == "missing":
        return _missing(field)
    return f"{PREFIX}{field.upper()}: {str(fault['msg']).removeprefix('Value error, ')}"
