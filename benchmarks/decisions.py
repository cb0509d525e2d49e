"""Figures of the policy: what a decision by the sidecar takes, and how many a request asks for."""

import time

import httpx
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.ground import Ground, token
from benchmarks.load import get, quantile
from benchmarks.report import Figure, Report
from netzraum_platform.database import new_id, utc_now
from netzraum_platform.policy import SidecarPolicy

QUESTIONS = 500
REQUESTS = 50
COUNTER = "netzraum_decisions"


async def measure(ground: Ground, report: Report) -> None:
    await report.row("decision by the sidecar", _seconds(ground))
    await report.row("decisions of a request", _of_a_request(ground))


async def _seconds(ground: Ground) -> list[Figure]:
    policy = SidecarPolicy(ground.installation.servers.sidecars["content"].url, "content")
    await policy.start()
    seconds = [await _ask(policy) for _ in range(QUESTIONS)]
    await policy.stop()
    return [
        Figure("decision by the sidecar, p50", 1000 * quantile(seconds, 50), "ms", "under 1"),
        Figure("decision by the sidecar, p99", 1000 * quantile(seconds, 99), "ms"),
    ]


async def _ask(policy: SidecarPolicy) -> float:
    """The seconds that one decision takes."""
    now = int(utc_now().timestamp())
    membership = {"role": "member", "base": "member", "overrides": {}, "from": now - 60, "until": None}
    question = {
        "subject": {
            "account": str(new_id()),
            "institution": None,
            "operator": False,
            "second_factor": False,
            "scopes": ["read", "write"],
            "membership": membership,
        },
        "action": "content.notice.read",
        "resource": {
            "type": "notice",
            "space": str(new_id()),
            "space_kind": "network",
            "classification": "internal",
            "own": False,
            "state": "published",
            "named": "none",
        },
        "context": {"channel": "web", "now": now, "access_age_s": 0},
    }
    started = time.perf_counter()
    answer = await policy.evaluate("decision", question)
    if not answer["allow"]:
        raise RuntimeError(f"refused: {answer['reasons']}")
    return time.perf_counter() - started


async def _of_a_request(ground: Ground) -> list[Figure]:
    """By the service's own metrics, while nobody else asks it."""
    network = await ground.network()
    notice = await network.post_notice(network.coordinator, "Aushang")
    url, headers = ground.url(network, f"notices/{notice['id']}"), await token(network.coordinator)
    before = await _made(ground)
    await get(url, headers, count=REQUESTS, within_s=60)
    return [Figure("decisions for reading one item", (await _made(ground) - before) / REQUESTS, "", "1")]


async def _made(ground: Ground) -> float:
    """Decisions that the service content has asked for."""
    address = ground.installation.servers.services["content"].internal_url
    async with httpx.AsyncClient() as http:
        reply = await http.get(f"{address}/metrics")
    reply.raise_for_status()
    families = [each for each in text_string_to_metric_families(reply.text) if each.name == COUNTER]
    return sum(sample.value for family in families for sample in family.samples if sample.name.endswith("_total"))
