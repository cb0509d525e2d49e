"""The API's description: the services' own documents as one, and a page that lists what there is."""

import asyncio
import time
from collections.abc import Mapping
from html import escape
from typing import Any

from netzraum_gateway.backend import Backend
from netzraum_platform.errors import Unavailable
from netzraum_platform.settings import SERVICES

FRESH_S = 60.0
METHODS = ("get", "post", "put", "patch", "delete")
SHARED_PATHS = ("overview", "unread", "activity", "todo", "search", "seen", "gone", "visible")
"""Every service with items has these; the gateway answers them for all together."""


class Description:
    """The merged document, asked for anew now and then; a service that is gone keeps its last one."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._documents: dict[str, dict[str, Any]] = {}
        self._merged: dict[str, Any] = {}
        self._at = 0.0

    async def document(self) -> dict[str, Any]:
        if time.monotonic() - self._at > FRESH_S or not self._merged:
            documents = await asyncio.gather(*(self._fetch(name) for name in SERVICES))
            self._documents.update({name: found for name, found in zip(SERVICES, documents, strict=True) if found})
            self._merged = merge(self._documents)
            self._at = time.monotonic()
        return self._merged

    async def _fetch(self, service: str) -> dict[str, Any] | None:
        try:
            reply = await self._backend.calls.request(service, "GET", "/api/v1/openapi.json")
        except Unavailable:
            return None
        return reply.json() if reply.status == 200 else None


def merge(documents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One document; a schema whose name two services use for different things carries its service's name."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for service, document in documents.items():
        own = document.get("components", {}).get("schemas", {})
        renamed = {name: f"{service}.{name}" for name, schema in own.items() if schemas.get(name, schema) != schema}
        for name, schema in own.items():
            schemas[renamed.get(name, name)] = _with_names(schema, renamed)
        for path, operations in document.get("paths", {}).items():
            paths.setdefault(path, {}).update(_with_names(operations, renamed))
    for path in (path for path in paths if path.rsplit("/", 1)[-1] in SHARED_PATHS):
        _name_what_is_missing(paths[path])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Netzraum", "version": "1", "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def _with_names(value: Any, renamed: Mapping[str, str]) -> Any:
    """The same with references to the new names."""
    if isinstance(value, dict):
        return {
            key: _reference(part, renamed) if key == "$ref" else _with_names(part, renamed)
            for key, part in value.items()
        }
    return [_with_names(part, renamed) for part in value] if isinstance(value, list) else value


def _reference(reference: str, renamed: Mapping[str, str]) -> str:
    start, _, name = reference.rpartition("/")
    return f"{start}/{renamed.get(name, name)}"


def _name_what_is_missing(operations: dict[str, Any]) -> None:
    note = "Merged out of all services with items; `missing` names those that did not answer."
    for operation in operations.values():
        if note not in operation.get("description", ""):
            operation["description"] = f"{operation.get('description', '')}\n\n{note}".strip()


def page_of(document: Mapping[str, Any], style_sheet: str, icon: str) -> str:
    """All requests by area, as a page that needs no script; in English, as the API is."""
    areas: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                areas.setdefault(_area(operation), []).append(_row(method, path, operation))
    tables = "".join(
        f'<h2>{escape(area)}</h2><div class="nr-scroll" tabindex="0" role="group" aria-label="{escape(area)}">'
        "<table><thead><tr><th>Request</th><th>Answers</th><th></th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        for area, rows in sorted(areas.items())
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Netzraum API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="{escape(icon)}" type="image/svg+xml">'
        f'<link rel="stylesheet" href="{escape(style_sheet)}"></head><body class="nr-kompakt">'
        '<main class="nr-main nr-prose"><h1>Netzraum API</h1>'
        '<p>The whole description: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a> (OpenAPI 3.1).</p>'
        f"{tables}</main></body></html>"
    )


def _area(operation: Mapping[str, Any]) -> str:
    return str((operation.get("tags") or ["everything"])[0])


def _row(method: str, path: str, operation: Mapping[str, Any]) -> str:
    statuses = ", ".join(operation.get("responses", {}))
    words = operation.get("description") or operation.get("summary") or ""
    return (
        f"<tr><td><code>{method.upper()} {escape(path)}</code></td>"
        f"<td>{escape(statuses)}</td><td>{escape(words)}</td></tr>"
    )
