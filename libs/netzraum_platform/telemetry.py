"""Logs as JSON with trace ids, metrics of every request, traces where a collector is configured."""

import logging
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netzraum_platform import metrics
from netzraum_platform.events import Envelope

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DATABASE_DETAIL = re.compile(r"DETAIL: .*?(?=\\n|\n|$)")

tracer = trace.get_tracer("netzraum")
log = structlog.get_logger(__name__)
_ids = RandomIdGenerator()
_traceparents = TraceContextTextMapPropagator()


def configure_logs(level: int = logging.INFO) -> None:
    """One JSON object a line on standard output, for what libraries log too."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _add_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_values,
    ]
    json_lines = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, json_lines],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stdout),
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, json_lines],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def configure_traces(service: str, collector: str | None) -> None:
    """Send traces by OTLP over HTTP; without a collector nothing is recorded."""
    if collector is None:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": f"netzraum-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector)))
    trace.set_tracer_provider(provider)


def current_traceparent() -> str | None:
    """The W3C trace context of what is going on, to travel with a message or a call."""
    carrier: dict[str, str] = {}
    _traceparents.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continuing(traceparent: str | None) -> Iterator[None]:
    """Go on within the trace that a message came with."""
    token = attach(_context_of(traceparent))
    try:
        yield
    finally:
        detach(token)


@contextmanager
def handling(queue: str, envelopes: Sequence[Envelope]) -> Iterator[None]:
    """The span of the handler of one event, within the trace of what caused it; of several, linked to all others."""
    first, *others = envelopes
    attributes = {"messaging.destination.name": queue, "messaging.message.id": str(first.id)}
    traces = (trace.get_current_span(_context_of(each.traceparent)) for each in others if each.traceparent)
    with tracer.start_as_current_span(
        f"{queue} {first.type}",
        context=_context_of(first.traceparent),
        kind=SpanKind.CONSUMER,
        attributes=attributes,
        links=[Link(each.get_span_context()) for each in traces],
    ):
        yield


def _context_of(traceparent: str | None) -> Context:
    """The trace of a caller, or a new one; so log lines carry its id where no traces are recorded too."""
    context = _traceparents.extract({"traceparent": traceparent}) if traceparent else Context()
    if trace.get_current_span(context).get_span_context().is_valid:
        return context
    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return context
    new = SpanContext(_ids.generate_trace_id(), _ids.generate_span_id(), is_remote=False)
    return trace.set_span_in_context(NonRecordingSpan(new), context)


def _add_trace(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = format(span.trace_id, "032x")
    return event


def without_values(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """PostgreSQL names the values of a refused row in DETAIL: an address that is known, for one."""
    for key in ("error", "exception"):
        if isinstance(event.get(key), str):
            event[key] = DATABASE_DETAIL.sub("DETAIL: left out", event[key])
    return event


class RequestTelemetry:
    """ASGI middleware: one span, one metric and, for failures of ours, one log line per request."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        started = time.perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        with tracer.start_as_current_span(
            method, context=_context_of(_traceparent(scope)), kind=SpanKind.SERVER
        ) as span:
            try:
                await self._app(scope, receive, observed)
            except Exception as error:
                log.error("request_failed", service=self._service, method=method, exc_info=error)
                if not status:
                    raise
            finally:
                route = _route(scope)
                span.update_name(f"{method} {route}")
                span.set_attribute("http.response.status_code", status or 500)
                seconds = time.perf_counter() - started
                metrics.HTTP_SECONDS.labels(self._service, method, route, status or 500).observe(seconds)


def _route(scope: Scope) -> str:
    """The path with the names of its parameters instead of their values; one word for all that leads nowhere."""
    if scope.get("route") is None:
        return "unknown"
    path = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    return path


def _traceparent(scope: Scope) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == b"traceparent"), None)
