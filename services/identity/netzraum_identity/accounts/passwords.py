"""Passwords by argon2id (RFC 9106), in threads of their own, for it takes time and memory on purpose."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
"""32 MiB and three passes: above OWASP's lower bound (19 MiB, two passes)."""
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""Two at a time: a flood of log-ins costs 64 MiB and waits, instead of taking the machine."""
_NOBODYS = _HASHER.hash("the password of nobody")


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, password)


async def verify_password(hashed: str | None, password: str) -> bool:
    """Whether it is the password. Without one to compare with it takes as long, so that time tells nothing."""
    genuine = await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, hashed or _NOBODYS, password)
    return genuine and hashed is not None


def outdated(hashed: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(hashed)


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
