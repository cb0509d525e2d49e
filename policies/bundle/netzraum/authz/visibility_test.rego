package netzraum.authz_test

import data.netzraum.authz

in_space(space_kind, base) := object.union(held(base), {"space_kind": space_kind})

listing(changes) := answer if {
	asked := object.union(
		{
			"subject": object.remove(subject, ["membership"]),
			"memberships": [in_space("network", "member")],
			"tools": ["notices"],
			"context": context,
		},
		changes,
	)
	answer := authz.visibility with input as asked
		with data.netzraum.roles as roles
		with data.netzraum.ceilings as ceilings
		with data.netzraum.classifications as classifications
}

test_cells_say_what_is_seen if {
	answer := listing({"verbs": ["read"], "subject": {"second_factor": false}})
	answer.memberships == [{"notices": "network:notices:read:internal"}]
	answer.profiles["network:notices:read:internal"].notice == [
		{
			"classifications": ["internal", "public"],
			"own": false,
			"named": ["mine", "none"],
			"states": ["published"],
			"actions": ["read"],
			"obligations": [],
		},
		{
			"classifications": ["confidential", "internal", "public"],
			"own": true,
			"named": ["mine", "none", "others"],
			"states": ["coming", "deleted", "draft", "published"],
			"actions": ["read"],
			"obligations": [],
		},
	]
}

test_without_verbs_all_are_answered if {
	cells := listing({"memberships": [in_space("network", "moderator")]}).profiles["network:notices:manage:confidential"].notice
	some cell in cells
	cell.states == ["new"]
	cell.actions == ["create"]
}

test_equal_memberships_share_a_profile if {
	many := [in_space(kind, base) | some kind in ["network", "body"]; some base in ["member", "guest"]; some _ in numbers.range(1, 5)]
	answer := listing({"memberships": many, "tools": ["wiki"], "verbs": ["read"]})
	count(answer.memberships) == 20
	count(answer.profiles) == 4
}

test_what_does_not_run_shows_nothing if {
	ended := object.union(in_space("network", "coordinator"), {"until": now - 1})
	listing({"memberships": [ended, null]}) == {"memberships": [{}, {}], "profiles": {}}
}

test_operator_and_auditor_list_nothing if {
	listing({"subject": {"operator": true}}) == {"memberships": [{}], "profiles": {}}
	listing({"memberships": [in_space("network", "auditor")]}) == {"memberships": [{}], "profiles": {}}
}

test_the_auditor_finds_the_policy if {
	answer := listing({"memberships": [in_space("network", "auditor")], "tools": ["policy"]})
	answer.memberships == [{"policy": "network:policy:read:none"}]
	answer.profiles["network:policy:read:none"].policy[0].classifications == ["unclassified"]
}

test_cells_owe_what_reading_or_creating_owes if {
	cells := listing({"memberships": [in_space("network", "coordinator")]}).profiles["network:notices:manage:personal"].notice
	owed := {state: cell.obligations | some cell in cells; "personal" in cell.classifications; cell.own; some state in cell.states}
	owed == {
		"new": ["needs_purpose", "needs_delete_on"],
		"draft": ["audit_read", "no_snippet"],
		"coming": ["audit_read", "no_snippet"],
		"published": ["audit_read", "no_snippet"],
		"deleted": ["audit_read", "no_snippet"],
	}
}

test_without_a_second_factor_personal_is_not_listed if {
	cells := listing({"memberships": [in_space("network", "coordinator")], "subject": {"second_factor": false}}).profiles["network:notices:manage:personal"].notice
	every cell in cells {
		not "personal" in cell.classifications
	}
}

test_cells_without_reading_or_writing_owe_nothing if {
	cells := listing({"tools": ["forum"], "verbs": ["subscribe"]}).profiles["network:forum:contribute:internal"].thread
	{cell.obligations | some cell in cells} == {[]}
	roles := listing({"memberships": [in_space("network", "coordinator")], "tools": ["members"], "verbs": ["update"]})
	{cell.obligations | some cell in roles.profiles["network:members:manage:personal"].role} == {[]}
}

test_something_public_is_offered_to_who_could_make_it_public if {
	offered := {base: classes |
		some base in ["member", "moderator"]
		answer := listing({"memberships": [in_space("network", base)], "tools": ["wiki"]})
		classes := {class |
			some cell in answer.profiles[answer.memberships[0].wiki].wiki_page
			"create" in cell.actions
			some class in cell.classifications
		}
	}
	offered == {"member": {"internal"}, "moderator": {"public", "internal", "confidential"}}
}
