"""The public contract of the bus, written out of the event models: a JSON Schema per event, and one AsyncAPI document.

    python -m netzraum_contracts.generate

The files are committed; a test compares them.
"""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import netzraum_contracts
from netzraum_platform.events import Envelope, EventData

FOLDER = Path(__file__).parent / "schemas"
ASYNCAPI = "asyncapi.yaml"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Document = dict[str, Any]


def events() -> list[type[EventData]]:
    """Every event that goes over the bus, by its type."""
    for module in pkgutil.iter_modules(netzraum_contracts.__path__):
        importlib.import_module(f"{netzraum_contracts.__name__}.{module.name}")
    found = [event for event in _below(EventData) if "TYPE" in vars(event) and event.ON_THE_BUS]
    ours = [event for event in found if event.__module__.startswith(netzraum_contracts.__name__)]
    return sorted(ours, key=lambda event: event.TYPE)


def _below(event: type[EventData]) -> Iterator[type[EventData]]:
    for subclass in event.__subclasses__():
        yield subclass
        yield from _below(subclass)


def schema_of(event: type[EventData]) -> Document:
    """The event whole: CloudEvents 1.0 in structured JSON mode, with its data."""
    data = event.model_json_schema(by_alias=True)
    definitions = data.pop("$defs", {})
    envelope = Envelope.model_json_schema()
    envelope["properties"] |= {
        "specversion": {"const": "1.0"},
        "type": {"const": event.TYPE},
        "source": {"const": f"/{event.publisher()}"},
        "data": data,
    }
    return {
        "$schema": DIALECT,
        "title": event.TYPE,
        "description": _said(event),
        "type": "object",
        "properties": envelope["properties"],
        "required": sorted({*envelope["required"], "specversion", "data"}),
        **({"$defs": definitions} if definitions else {}),
    }


def asyncapi() -> Document:
    """AsyncAPI 3.0: a channel per event, sent by the service that its type begins with."""
    channels, operations, messages = {}, {}, {}
    for event in events():
        name = event.__name__
        messages[name] = {
            "name": event.TYPE,
            "summary": _said(event),
            "contentType": "application/cloudevents+json",
            "payload": {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": _reference(event)},
        }
        channels[name] = {
            "address": event.TYPE,
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": "netzraum.events", "type": "topic"}}},
        }
        operations[f"{event.publisher()}.{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "tags": [{"name": event.publisher()}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of Netzraum",
            "version": "1",
            "license": {"name": "EUPL-1.2"},
            "description": "What the services of Netzraum tell each other. Delivered at least once, in the order of"
            " each publisher; the id tells repeats, the version in the data tells older news from newer.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def files() -> dict[str, str]:
    """Every generated file by its name."""
    schemas = {f"{event.TYPE}.json": _as_json(schema_of(event)) for event in events()}
    return {**schemas, ASYNCAPI: yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=120)}


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    wanted = files()
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def _reference(event: type[EventData]) -> Document:
    return {"$ref": f"./{event.TYPE}.json"}


def _said(event: type[EventData]) -> str:
    return " ".join((event.__doc__ or "").split())


def _as_json(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    write()
