"""The events as they are published are the events as they are written down."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from netzraum_contracts import generate
from netzraum_contracts.spaces import Membership, MembershipChanged
from netzraum_platform.database import new_id, utc_now
from netzraum_platform.events import Envelope, EventData

EVENTS = generate.events()
FORBIDDEN = {"text", "title", "email", "address", "body", "subject", "description"}
PUBLISHERS = {"identity", "spaces", "content", "calendar", "polls"}


def test_the_committed_files_are_those_of_the_models(tmp_path: Path) -> None:
    """If this fails: python -m netzraum_contracts.generate, and look at the difference: changes are additive only."""
    generate.write(tmp_path)
    written = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    committed = {file.name: file.read_text(encoding="utf-8") for file in generate.FOLDER.iterdir()}
    assert committed == written


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_types_name_their_publisher_and_version_once(event: type[EventData]) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+){2}\.v[0-9]+", event.TYPE)
    assert event.publisher() in PUBLISHERS
    assert [each.TYPE for each in EVENTS].count(event.TYPE) == 1
    assert event.__doc__


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_events_carry_ids_and_states_and_no_texts(event: type[EventData]) -> None:
    names = _names(event.model_json_schema(by_alias=True))
    assert not names & FORBIDDEN
    if event.publisher() != "identity":
        assert not names & {"institution_name", "account_name"}


def _names(schema: Any) -> set[str]:
    """All property names of a schema."""
    if isinstance(schema, list):
        return set().union(*map(_names, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    inner = set().union(*map(_names, schema.values())) if schema else set()
    return inner | set(schema.get("properties", {}))


def test_a_real_event_fits_its_schema_and_a_wrong_one_does_not() -> None:
    membership = Membership(
        membership=new_id(), account=new_id(), role="member", from_=utc_now(), until=None, state="active"
    )
    event = MembershipChanged(space=uuid.uuid4(), access_version=7, membership=membership)
    envelope = Envelope(
        id=new_id(), source="/spaces", type=event.TYPE, time=utc_now(), data=event.model_dump(mode="json"), sequence=1
    )
    check = Draft202012Validator(generate.schema_of(MembershipChanged))
    document = envelope.model_dump(mode="json", exclude_none=True)
    check.validate(document)
    wrongs: list[dict[str, Any]] = [{"type": "spaces.role.changed.v1"}, {"data": {}}, {"source": "/content"}]
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            check.validate(document | wrong)


def test_the_asyncapi_document_leads_to_every_schema() -> None:
    document = yaml.safe_load((generate.FOLDER / generate.ASYNCAPI).read_text(encoding="utf-8"))
    assert document["asyncapi"] == "3.0.0"
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert addresses == {event.TYPE for event in EVENTS}
    for name, operation in document["operations"].items():
        channel = document["channels"][operation["channel"]["$ref"].rsplit("/", 1)[1]]
        assert channel["address"].startswith(name.split(".")[0])
        for message in channel["messages"].values():
            payload = document["components"]["messages"][message["$ref"].rsplit("/", 1)[1]]["payload"]
            assert (generate.FOLDER / payload["schema"]["$ref"]).is_file()
