"""Events as CloudEvents 1.0 in structured JSON mode (https://cloudevents.io)."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class EventData(BaseModel):
    """The data of one type of event. Names are in the past tense; the routing key is the type."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    TYPE: ClassVar[str]
    ON_THE_BUS: ClassVar[bool] = True

    @classmethod
    def publisher(cls) -> str:
        """The service that alone may publish this type."""
        return cls.TYPE.split(".", 1)[0]


class Envelope(BaseModel):
    """One event on its way. ``sequence`` is the publisher's outbox number, growing per space."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = "1.0"
    id: uuid.UUID
    source: str
    type: str
    subject: str | None = None
    time: datetime
    datacontenttype: str = "application/json"
    data: dict[str, Any] = Field(default_factory=dict)
    spaceid: uuid.UUID | None = None
    actor: uuid.UUID | None = None
    classification: str | None = None
    sequence: int | None = None
    traceparent: str | None = None

    @property
    def publisher(self) -> str:
        return self.type.split(".", 1)[0]
