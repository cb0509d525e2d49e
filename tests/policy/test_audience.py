"""Who can see this: the answer for a role is the decision that its holder would get."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netzraum_standalone.policy.samples import NOW, STATES, Samples
from tests.policy.engines import Module, Question, Sidecar
from tests.policy.questions import BASES, CLASSIFICATIONS, overrides

ROLES = st.lists(
    st.builds(
        lambda base, name, changed: {"role": name or base, "base": base, "overrides": changed},
        st.sampled_from(BASES),
        st.sampled_from([None, "Berufsberatung", "Schriftführung"]),
        overrides(),
    ),
    min_size=1,
    max_size=6,
)
RESOURCES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["notice", "file", "wiki_page", "poll"]),
        "space_kind": st.sampled_from(["network", "body", "community"]),
        "classification": st.sampled_from(CLASSIFICATIONS),
        "state": st.sampled_from(STATES),
        "roles": st.lists(st.sampled_from(["Berufsberatung", "member"]), unique=True),
    }
)


def holder_asks(samples: Samples, role: dict[str, Any], resource: dict[str, Any], own: bool) -> Question:
    named = "none" if not resource["roles"] else "mine" if role["role"] in resource["roles"] else "others"
    place = {name: resource[name] for name in ("space_kind", "classification", "state")}
    membership = {**role, "from": None, "until": None}
    return samples.question(samples.action(resource["type"]), membership, own=own, named=named, **place)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(roles=ROLES, resource=RESOURCES)
def test_a_role_sees_what_its_holder_may_read(
    roles: list[dict[str, Any]], resource: dict[str, Any], module: Module, sidecar: Sidecar
) -> None:
    samples = Samples(module.engine.data)
    question = {"roles": roles, "resource": resource, "context": {"now": NOW}}
    answer = module.ask("audience", [question])[0]
    assert answer == sidecar.ask("audience", [question])[0]
    for role, entry in zip(roles, answer["roles"], strict=True):
        for own, part in ((False, entry), (True, entry["author"])):
            decision = module.ask("decision", [holder_asks(samples, role, resource, own)])[0]
            assert part["visible"] == decision["allow"]
            assert part["actions"] == decision["actions"]
            assert part["reasons"] == decision["reasons"]
