"""The blobs port: a folder and an S3 server keep the same promises."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import boto3  # type: ignore[import-untyped]  # ships no types
import pytest
from moto.server import ThreadedMotoServer

from netzraum_platform.blobs import ObjectStoreBlobs
from netzraum_platform.errors import NotFound


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectStoreBlobs:
    if request.param == "folder":
        return ObjectStoreBlobs((tmp_path / "blobs").as_uri())
    for name, value in {
        "ENDPOINT_URL": request.getfixturevalue("s3"),
        "ALLOW_HTTP": "true",
        "ACCESS_KEY_ID": "test",
        "SECRET_ACCESS_KEY": "test",
        "REGION": "eu-central-1",
        "DEFAULT_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    bucket = f"blobs-{secrets.token_hex(4)}"
    place = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3", endpoint_url=request.getfixturevalue("s3")).create_bucket(
        Bucket=bucket, CreateBucketConfiguration=place
    )
    return ObjectStoreBlobs(f"s3://{bucket}/content")


async def test_bytes_come_back_as_they_were(blobs: ObjectStoreBlobs) -> None:
    content = bytes(range(256)) * 1000
    await blobs.put("space/file", content)
    assert await blobs.get("space/file") == content
    await blobs.put("empty", b"")
    assert await blobs.get("empty") == b""


async def test_a_stream_is_stored_whole(blobs: ObjectStoreBlobs) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for number in range(20):
            yield bytes([number]) * 700_000

    await blobs.put("large", parts())
    content = await blobs.get("large")
    assert len(content) == 14_000_000
    assert content[-1] == 19


async def test_what_is_not_there_is_not_found(blobs: ObjectStoreBlobs) -> None:
    with pytest.raises(NotFound):
        await blobs.get("nothing")
    await blobs.delete("nothing")


async def test_what_was_deleted_is_gone(blobs: ObjectStoreBlobs) -> None:
    await blobs.put("one", b"1")
    await blobs.put("two", b"2")
    await blobs.delete("one")
    with pytest.raises(NotFound):
        await blobs.get("one")
    assert await blobs.get("two") == b"2"


@pytest.mark.parametrize("key", ["../outside", "a/../../outside", "/../outside"])
async def test_no_key_leads_out_of_the_store(blobs: ObjectStoreBlobs, tmp_path: Path, key: str) -> None:
    with pytest.raises(Exception, match=r"(?i)path|relative|invalid|illegal"):
        await blobs.put(key, b"x")
    assert not (tmp_path / "outside").exists()
