"""Logs, traces and metrics: one trace from the request to the handler, and no secret in a line."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from netzraum_platform import telemetry
from netzraum_platform.context import WorkContext
from netzraum_platform.telemetry import configure_logs
from tests.harness import ServiceUnderTest, Surroundings, access_token, eventually, running, sqlite_url
from tests.platform import samples
from tests.platform.samples import ThingChanged, envelope

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"

seen: list[str | None] = []


async def hear(_ctx: WorkContext, _event: ThingChanged) -> None:
    seen.append(telemetry.current_traceparent())


async def fail(_ctx: WorkContext, _event: ThingChanged) -> None:
    raise ValueError("hunter2")


@pytest.fixture
async def sample(around: Surroundings) -> AsyncIterator[ServiceUnderTest]:
    seen.clear()
    service = samples.service(handlers={ThingChanged: hear})
    async with running(service, sqlite_url(around.folder, "content"), around) as under_test:
        yield under_test


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Traces are recorded, as with a collector."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("netzraum"))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    yield exporter
    provider.shutdown()


@pytest.fixture
def json_logs(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Configures logs as a service does; gives the lines that came."""
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logs()

    def lines() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    yield lines
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


async def create(sample: ServiceUnderTest, **headers: str) -> None:
    answer = await sample.public.post("/api/v1/things", json={"name": "one"}, headers={**access_token(), **headers})
    assert answer.status_code == 201


def trace_of(traceparent: str | None) -> str | None:
    return traceparent.split("-")[1] if traceparent else None


async def test_a_trace_goes_from_the_request_to_the_handler(
    sample: ServiceUnderTest, spans: InMemorySpanExporter
) -> None:
    await create(sample, traceparent=TRACEPARENT)

    def by_name() -> dict[str, ReadableSpan]:
        return {span.name: span for span in spans.get_finished_spans()}

    handled = f"content.events {ThingChanged.TYPE}"
    await eventually(lambda: handled in by_name())
    request, handler = by_name()["POST /api/v1/things"], by_name()[handled]
    assert request.context is not None
    assert handler.context is not None
    assert {format(each.trace_id, "032x") for each in (request.context, handler.context)} == {TRACE}
    assert handler.parent is not None
    assert handler.parent.span_id == request.context.span_id
    assert trace_of(seen[0]) == TRACE


async def test_trace_ids_travel_where_no_traces_are_recorded_too(sample: ServiceUnderTest) -> None:
    await create(sample)
    await eventually(lambda: seen)
    assert trace_of(seen[0]) is not None
    assert trace_of(seen[0]) != "0" * 32


async def test_failures_are_logged_as_json_with_the_trace_of_their_cause(around: Surroundings, json_logs: Any) -> None:
    service = samples.service(handlers={ThingChanged: fail})
    lines: list[dict[str, Any]] = []
    async with running(service, sqlite_url(around.folder, "content"), around) as sample:
        await sample.app.bus.publish([envelope(1).model_copy(update={"traceparent": TRACEPARENT})])

        def failed() -> list[dict[str, Any]]:
            lines.extend(json_logs())
            return [line for line in lines if line["event"] == "handler_failed"]

        (line,) = await eventually(failed)
    assert (line["trace_id"], line["level"], line["queue"]) == (TRACE, "error", "content.events")
    assert line["timestamp"].endswith("Z")
    assert "ValueError" in line["exception"]


async def test_neither_tokens_nor_refused_values_are_logged(around: Surroundings, json_logs: Any) -> None:
    async with running(samples.service(), sqlite_url(around.folder, "content"), around) as sample:
        me = access_token()
        for body in ({"name": "hunter2"}, {"name": "hunter2"}, {"name": "hunter2", "extra": "hunter2"}):
            await sample.public.post("/api/v1/things", json=body, headers=me)
        assert (await sample.public.post("/api/v1/mistake", headers=me)).status_code == 500
    written = json.dumps(json_logs())
    assert "lost_race" in written
    assert "hunter2" not in written
    assert me["Authorization"].removeprefix("Bearer ") not in written


def test_what_libraries_log_is_json_too(json_logs: Any) -> None:
    configure_logs()  # once more: the capture of the test's set-up has ended
    logging.getLogger("aiormq").warning("connection lost")
    (line,) = json_logs()
    assert (line["event"], line["level"], line["logger"]) == ("connection lost", "warning", "aiormq")
