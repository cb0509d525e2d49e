"""What the gateway needs to know."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from netzraum_platform.settings import PREFIX, read_secret_files

PACKAGE = Path(__file__).parent
SHORTEST_SECRET = 32


class Limits(BaseSettings):
    """How much one client may ask for. Rates are requests a second over time; a burst may come at once."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}LIMIT_", extra="ignore", frozen=True)

    rate: float = Field(default=30, gt=0, description="of one token or browser session")
    burst: int = Field(default=300, ge=1)
    anonymous_rate: float = Field(default=10, gt=0, description="of one address that is not logged in")
    anonymous_burst: int = Field(default=100, ge=1)
    body: int = Field(default=2_000_000, ge=1, description="bytes of a request")
    upload: int = Field(default=5_000_000_000, ge=1, description="bytes of a file that is uploaded")
    silence_s: float = Field(default=20, gt=0, description="longest pause of a client that sends a body")
    body_s: float = Field(default=60, gt=0, description="longest time for a body that is no upload")


class GatewaySettings(BaseSettings):
    """``secret`` seals what a browser keeps for us; all replicas share it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    secret: SecretStr = Field(description="at least 32 characters")
    public_url: str = Field(default="http://127.0.0.1:8000", description="how browsers reach the gateway")
    peers: dict[str, str] = Field(default_factory=dict, description="addresses of the services and identity.internal")
    bus_url: SecretStr | None = None
    service_key: SecretStr | None = Field(default=None, description="own Ed25519 private key, a JWK in JSON")
    peer_keys: str | None = Field(default=None, description="public keys of all callers, a JWK set in JSON")
    traces_url: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    internal_port: int = Field(default=8001, ge=0, le=65535)
    operator: str = Field(default="", description="name of who runs the installation, shown in header and footer")
    operator_email: str = Field(default="", description="takes reports of barriers")
    mail_url: SecretStr | None = Field(default=None, description="smtp://… or file:///folder of .eml files")
    mail_from: str = "netzraum@localhost"
    footer: Path | None = Field(default=None, description="folder of the operator's own footer pages")
    static: Path = PACKAGE / "static"
    locale: Path = PACKAGE / "locale"
    limits: Limits = Field(default_factory=Limits)

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        return read_secret_files(values, cls.model_fields)

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if len(self.secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"NETZRAUM_SECRET needs at least {SHORTEST_SECRET} characters")
        if not self.secure and not _is_loopback(urlsplit(self.public_url).hostname or ""):
            raise ValueError("NETZRAUM_PUBLIC_URL must begin with https:// unless it is on this machine's loopback")
        return self

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".test"))
