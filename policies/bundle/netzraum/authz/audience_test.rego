package netzraum.authz_test

import data.netzraum.authz

to_roles(listed, resource) := answer if {
	asked := {
		"roles": [{"role": role.role, "base": role.base, "overrides": object.get(role, "overrides", {})} | some role in listed],
		"resource": object.union({"type": "notice", "space_kind": "network", "classification": "confidential", "state": "published", "roles": []}, resource),
		"context": {"now": now},
	}
	answer := authz.audience with input as asked
		with data.netzraum.roles as roles
		with data.netzraum.ceilings as ceilings
		with data.netzraum.classifications as classifications
}

counsellors := {"role": "Berufsberatung", "base": "member", "overrides": {"clearance": "confidential"}}

test_says_which_roles_see_it_and_why_not if {
	answer := to_roles([{"role": "member", "base": "member"}, counsellors], {})
	not answer.second_factor_needed
	[members, others] := answer.roles
	members == {
		"role": "member",
		"visible": false,
		"actions": [],
		"reasons": ["clearance_too_low"],
		"level": "read",
		"clearance": "internal",
		"author": {"visible": true, "actions": ["read", "read_access"], "reasons": []},
	}
	others.visible
	others.clearance == "confidential"
}

test_only_the_roles_named_see_it if {
	answer := to_roles([counsellors, {"role": "coordinator", "base": "coordinator"}], {"roles": ["Berufsberatung"]})
	[entry.visible | some entry in answer.roles] == [true, false]
	answer.roles[1].reasons == ["not_named"]
	answer.roles[1].author.visible
}

test_says_that_a_second_factor_is_needed if {
	answer := to_roles([{"role": "coordinator", "base": "coordinator"}], {"classification": "personal"})
	answer.second_factor_needed
	answer.roles[0].visible
}
