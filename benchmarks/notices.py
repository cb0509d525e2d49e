"""Figures of the notice board, and with it of the foundation: one item, pages, a write, lists."""

import re

import httpx

from benchmarks.filling import author_of, items, write
from benchmarks.ground import WRITES, Compared, Ground, grown, token
from benchmarks.load import Call, get, processor_s, with_descendants
from benchmarks.report import Figure, Report
from netzraum_content.notices.models import Notice
from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network

FEW, MANY = 1_000, 100_000
ON_PAGE = 50
PAGES = 60
"""How many pages one figure takes."""
BARE_PAGES = 600
TEXT = "Lorem ipsum " * 40


async def measure(ground: Ground, report: Report) -> None:
    network = await ground.network()
    notice = await network.post_notice(network.coordinator, "Aushang", text=TEXT)
    path = f"notices/{notice['id']}"
    one = await report.row("one item", ground.read("one item through the gateway", network, path, "at least 0.35"))
    if one:
        report.add([Figure("bare route, p50", one.bare.p50_ms, "ms")])
    cookie, space = {"cookie": await _log_in(ground, network)}, f"/raum/{network.space}/brett"
    await report.row("page of one notice", _page(ground, "one notice", f"{space}/{notice['id']}", cookie))
    await _fill(ground, report, network, ON_PAGE)
    await report.row("page of a list", _page(ground, "a list of 50", space, cookie))
    # After the pages: all services go on with the events of what was written, and their time would count as the page's.
    await report.row("write", _write(ground, network))
    await _long_list(ground, report)


async def _write(ground: Ground, network: Network) -> Compared:
    url, headers = ground.url(network, "notices"), await token(network.coordinator)
    call = Call(url, headers, "POST", {"title": "Aushang", "text": TEXT, "classification": "internal"})
    return await ground.write("write of a notice", lambda _round: [call] * WRITES)


async def _page(ground: Ground, name: str, path: str, cookie: dict[str, str]) -> list[Figure]:
    """The processor time of all processes together, as a multiple of a bare page's."""
    bare = [ground.bare.pid]
    started = processor_s(bare)
    await get(f"{ground.bare.address}/page", count=BARE_PAGES, within_s=30)
    bare_s = (processor_s(bare) - started) / BARE_PAGES
    roots = [server.process.pid for server in ground.installation.servers.servers.values()]
    started = processor_s(with_descendants(roots))
    await get(ground.installation.address + path, cookie, count=PAGES, within_s=60)
    ours_s = (processor_s(with_descendants(roots)) - started) / PAGES
    return [
        Figure(f"page of {name}, processor time of a bare page", ours_s / bare_s, "×", "at most 5"),
        Figure(f"page of {name}, processor time", 1000 * ours_s, "ms"),
    ]


async def _log_in(ground: Ground, network: Network) -> str:
    """The cookies of a browser that logged in."""
    async with httpx.AsyncClient(base_url=ground.installation.address) as browser:
        form = (await browser.get("/anmelden")).text
        found = re.search(r'name="csrf" value="([^"]*)"', form)
        if found is None:
            raise RuntimeError("the log-in page has no csrf field")
        fields = {"csrf": found[1], "email": network.coordinator.email, "password": PASSWORD}
        reply = await browser.post("/anmelden", data=fields)
        if reply.status_code != 303:
            raise RuntimeError(f"log-in answered {reply.status_code}")
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)


async def _long_list(ground: Ground, report: Report) -> None:
    """A list of 50 out of many rows, against one out of few."""
    network, path = await ground.network(), "notices?limit=50"
    await _fill(ground, report, network, FEW)
    few = await report.row("list", ground.read(f"list of 50 out of {FEW:,} rows", network, path))
    await _fill(ground, report, network, MANY - FEW)
    many = await report.row("list", ground.read(f"list of 50 out of {MANY:,} rows", network, path))
    report.add(grown(f"list of 50 out of {MANY:,} rows, p50 of one out of {FEW:,}", few, many))


async def _fill(ground: Ground, report: Report, network: Network, count: int) -> None:
    async with ground.database("content") as database:
        rows = items(Notice, network.space, await author_of(network), count, title="Aushang", text="Lorem ipsum")
        await report.filling(f"{count:,} notices", write(database, Notice, rows))
