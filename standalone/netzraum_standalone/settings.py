"""What standalone needs to know; all of it has a default."""

import os
import secrets
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).parent


class StandaloneSettings(BaseSettings):
    """``NETZRAUM_DATA`` is the folder that holds everything; ``PORT`` is where browsers come in."""

    model_config = SettingsConfigDict(env_prefix="NETZRAUM_", extra="ignore", populate_by_name=True)

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")
    policies: Path = Field(default=PACKAGE.parents[1] / "policies", description="the policy to begin with")
    mail_url: SecretStr | None = Field(default=None, description="smtp://…; without it mails lie in DATA/mail")
    public_url: str | None = Field(default=None, description="how browsers reach the page, if not by host and port")

    @property
    def address(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def mail(self) -> str:
        return self.mail_url.get_secret_value() if self.mail_url else (self.data / "mail").resolve().as_uri()

    @property
    def active_policy(self) -> Path:
        return self.data / "policy"

    @property
    def keys(self) -> Path:
        """The keys of open secret polls and of second factors; a backup never holds them."""
        return self.data / "keys"

    def database_url(self, service: str) -> str:
        return f"sqlite+aiosqlite:///{self.database_file(service).resolve()}"

    def database_file(self, service: str) -> Path:
        return self.data / "databases" / f"{service}.db"


def kept_secret(folder: Path, name: str) -> str:
    """A secret of this installation, made at the first start and readable by its owner alone."""
    file = folder / "secrets" / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(32))
    return file.read_text(encoding="utf-8")
