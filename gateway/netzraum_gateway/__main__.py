"""``python -m netzraum_gateway``: the gateway by itself, in front of services that run elsewhere."""

import asyncio

import uvloop

from netzraum_gateway.app import Gateway, build
from netzraum_gateway.settings import GatewaySettings
from netzraum_platform.calls import HttpCalls
from netzraum_platform.rabbit import RabbitBus
from netzraum_platform.serve import listen, service_tokens
from netzraum_platform.settings import BadSettings, needed, read_settings
from netzraum_platform.telemetry import configure_logs, configure_traces

NAME = "gateway"


def main() -> None:
    configure_logs()
    try:
        settings = read_settings(GatewaySettings)
        gateway = build(
            HttpCalls(settings.peers),
            RabbitBus(needed(settings.bus_url, "BUS_URL"), NAME),
            service_tokens(NAME, settings.service_key, settings.peer_keys),
            settings,
        )
    except BadSettings as error:
        raise SystemExit(f"netzraum {NAME} cannot start:\n{error}") from None
    configure_traces(NAME, settings.traces_url)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(gateway, settings))


async def _serve(gateway: Gateway, settings: GatewaySettings) -> None:
    await gateway.start()
    try:
        await listen(
            (gateway.asgi, settings.host, settings.port),
            (gateway.internal, settings.host, settings.internal_port),
            end_streams=gateway.live.end_all,
        )
    finally:
        await gateway.stop()


if __name__ == "__main__":
    main()
