"""The demo's polls: asked, answered and, where it says so, closed with an outcome."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from netzraum_standalone.demo.client import Person

ZONE = ZoneInfo("Europe/Berlin")
AS_IT_IS = ("title", "text", "secrecy", "results")

Json = dict[str, Any]


async def make_polls(
    polls: Sequence[Json],
    spaces: Mapping[str, str],
    person: Callable[[str], Person],
    days_ago: Callable[[int], None],
) -> None:
    """Ask, vote and close as the demo's people; ``days_ago`` sets when that happens."""
    for poll in polls:
        days_ago(poll["days"])
        path = f"spaces/{spaces[poll['space']]}/polls"
        asked = await person(poll["author"]).post(path, _asked(poll))
        for voter, answers in poll["ballots"].items():
            ballot = {"answers": _answers(asked["questions"], answers)}
            await person(voter).request("PUT", f"{path}/{asked['id']}/ballot", json=ballot)
        if "closed" in poll:
            days_ago(poll["closed"])
            await person(poll["author"]).post(f"{path}/{asked['id']}/close")
            await person(poll["author"]).post(f"{path}/{asked['id']}/outcome", {"text": poll["outcome"]})


def _asked(poll: Json) -> Json:
    questions = [
        {**question, "options": [{"title": title} for title in question.get("options", [])]}
        for question in poll["questions"]
    ]
    body = {**{name: poll[name] for name in AS_IT_IS}, "questions": questions}
    if "ends_in" in poll:
        day = date.today() + timedelta(days=poll["ends_in"])  # noqa: DTZ011  # the demo's own calendar
        body["closes_at"] = datetime.combine(day, time(18), ZONE).isoformat()
    return body


def _answers(questions: Sequence[Json], answers: Sequence[Any]) -> list[Json]:
    """Answers with ids instead of titles."""
    return [
        {"question": question["id"], "value": _value(question, answer)}
        for question, answer in zip(questions, answers, strict=False)
    ]


def _value(question: Json, answer: Any) -> Any:
    if question["kind"] == "text":
        return answer
    ids = {option["title"]: option["id"] for option in question["options"]}
    if isinstance(answer, dict):
        return {ids[title]: number for title, number in answer.items()}
    return ids[answer]
