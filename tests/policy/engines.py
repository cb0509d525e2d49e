"""The two engines under test: the real sidecar over HTTP, and the compiled module in this process."""

import http.client
import json
from typing import Any, Protocol
from urllib.parse import urlsplit

from netzraum_standalone.policy.bundle import ENTRY_POINTS, Engine

Question = dict[str, Any]
Answer = dict[str, Any]

# Many questions in one request: the sidecar asks itself, with each question as its input.
EACH = "{name} := [answer | some one in input.questions; answer := data.netzraum.authz.{name} with input as one]\n"
BATCH = "package batch\n" + "".join(EACH.format(name=name) for name in ENTRY_POINTS)


class PolicyEngine(Protocol):
    def ask(self, entry_point: str, questions: list[Question]) -> list[Answer]: ...


class Sidecar:
    """`opa run --server` with the signed bundle of this repository."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=120)
        self._request("PUT", "/v1/policies/batch", BATCH, "text/plain")

    def ask(self, entry_point: str, questions: list[Question]) -> list[Answer]:
        answers: list[Answer] = []
        for start in range(0, len(questions), 500):
            body = json.dumps({"input": {"questions": questions[start : start + 500]}})
            answers += self._request("POST", f"/v1/data/batch/{entry_point}", body, "application/json")["result"]
        return answers

    def ask_one(self, entry_point: str, question: Question) -> Answer:
        """As a service asks, without a batch."""
        path = f"/v1/data/netzraum/authz/{entry_point}"
        answer: Answer = self._request("POST", path, json.dumps({"input": question}), "application/json")["result"]
        return answer

    def _request(self, method: str, path: str, body: str, media_type: str) -> dict[str, Any]:
        self._connection.request(method, path, body, {"Content-Type": media_type})
        reply = self._connection.getresponse()
        content: dict[str, Any] = json.loads(reply.read())
        assert reply.status == 200, content
        return content


class Module:
    """policy.wasm of this repository with its data files."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def ask(self, entry_point: str, questions: list[Question]) -> list[Answer]:
        return [self.engine.ask(entry_point, question) for question in questions]
