"""How much, how often and how slowly a client may send."""

import asyncio
import time
from collections import OrderedDict

from starlette.types import Message, Receive

from netzraum_platform.errors import DomainError, TooLarge, TooMany

MOST_CLIENTS = 50_000


class TooSlow(DomainError):
    status, code = 408, "too_slow"
    de, en = "Die Anfrage kam zu langsam an.", "The request arrived too slowly."


class Rate:
    """Token buckets, one per client: ``rate`` requests a second over time, ``burst`` at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> None:
        """
        Raises:
            TooMany: the bucket is empty; says when it is worth coming again.
        """
        now = time.monotonic()
        left, at = self._buckets.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._rate)
        if left < 1:
            self._buckets[client] = (left, now)
            raise TooMany(headers={"Retry-After": str(max(1, round((1 - left) / self._rate)))})
        self._buckets[client] = (left - 1, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)


class Body:
    """The body of one request, as long as it keeps within its limits.

    ``silence_s`` is the longest pause; ``whole_s`` the longest time for all of it (None: no limit).
    """

    def __init__(self, receive: Receive, *, limit: int, silence_s: float, whole_s: float | None) -> None:
        self._receive = receive
        self._limit = limit
        self._silence_s = silence_s
        self._ends_at = None if whole_s is None else time.monotonic() + whole_s
        self._received = 0
        self._complete = False
        self.failure: DomainError | None = None
        """Why the body was cut off; whoever read it may have called it something else."""

    def announce(self, length: bytes | None) -> None:
        """
        Raises:
            TooLarge: the client says itself that it is.
        """
        if length is not None and length.isdigit() and int(length) > self._limit:
            raise TooLarge(headers={"Connection": "close"})

    async def receive(self) -> Message:
        """
        Raises:
            TooLarge, TooSlow
        """
        if self._complete:  # now only the client's going away is waited for
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience_s()):
                message = await self._receive()
        except TimeoutError as error:
            self.failure = TooSlow(headers={"Connection": "close"})
            raise self.failure from error
        self._received += len(message.get("body", b""))
        if self._received > self._limit:
            self.failure = TooLarge(headers={"Connection": "close"})
            raise self.failure
        self._complete = not message.get("more_body", False)
        return message

    def _patience_s(self) -> float:
        if self._ends_at is None:
            return self._silence_s
        return max(0.0, min(self._silence_s, self._ends_at - time.monotonic()))
