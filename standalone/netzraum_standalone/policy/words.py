"""The words in the data files: a misspelt level or classification would silently take rights away."""

from collections.abc import Iterator
from typing import Any

SCOPES = {"read", "write", "feed", "dav"}


def unknown_words(data: dict[str, Any]) -> list[str]:
    """What the data files of ``netzraum`` say that nothing else knows; each with its place."""
    try:
        return [*_rights(data, "roles"), *_rights(data, "ceilings"), *_classifications(data), *_actions(data)]
    except (KeyError, TypeError, AttributeError) as error:
        return [f"a data file lacks a part or has it in the wrong place: {error!r}"]


def _tools(data: dict[str, Any]) -> set[str]:
    return {listed["tool"] for listed in data["actions"]["types"].values() if "tool" in listed}


def _rights(data: dict[str, Any], file: str) -> Iterator[str]:
    levels, tools = data["actions"]["levels"], _tools(data)
    clearances = {*data["classifications"], "none"} - {"unclassified"}
    for space_kind, roles in data[file].items():
        for role, rights in roles.items():
            place = f"{file}: {space_kind}, {role}"
            for tool, level in rights["levels"].items():
                if tool not in tools:
                    yield f"{place}: there is no tool {tool!r}"
                if level not in levels:
                    yield f"{place}: {tool} has the level {level!r}; there are {', '.join(levels)}"
            if rights["clearance"] not in clearances:
                yield f"{place}: there is no classification {rights['clearance']!r}"
    if data["ceilings"].keys() != data["roles"].keys():
        yield f"{file}: roles and ceilings name different kinds of space"


def _classifications(data: dict[str, Any]) -> Iterator[str]:
    channels = data["actions"]["channels"]
    for name, rule in data["classifications"].items():
        for channel in (*rule["channels"], *rule["own_channels"]):
            if channel not in channels:
                yield f"classifications: {name}: there is no channel {channel!r}"
        for field, kind in (("rank", int), ("oldest_access_data_s", int), ("second_factor", bool), ("open", bool)):
            if type(rule[field]) is not kind:
                yield f"classifications: {name}: {field} is {rule[field]!r}"
        for field in ("hide", "moves", "obligations"):
            if field not in rule:
                yield f"classifications: {name}: {field} is missing"


def _actions(data: dict[str, Any]) -> Iterator[str]:
    actions = data["actions"]
    for channel, scopes in actions["channels"].items():
        if not SCOPES.issuperset(scopes):
            yield f"actions: channel {channel}: there is no scope {sorted(set(scopes) - SCOPES)}"
    for name, kind in actions["kinds"].items():
        for level in (*kind.get("own", {}), *kind.get("others", {})):
            if level not in actions["levels"]:
                yield f"actions: kind {name}: there is no level {level!r}"
    for name, listed in actions["types"].items():
        yield from _verbs(name, listed["verbs"], actions["kinds"])


def _verbs(name: str, verbs: dict[str, str], kinds: dict[str, Any]) -> Iterator[str]:
    for verb, kind in verbs.items():
        if kind not in kinds:
            yield f"actions: {name}.{verb}: there is no kind of action {kind!r}"
    if "read" not in verbs:
        yield f"actions: {name}: nothing says who reads it"
