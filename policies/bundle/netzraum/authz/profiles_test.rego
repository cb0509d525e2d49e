package netzraum.authz_test

import data.netzraum.authz

level_of(base, levels, tool) := level if {
	level := authz.role_level("network", base, levels, tool)
		with data.netzraum.roles as roles
		with data.netzraum.ceilings as ceilings
}

clearance_of(base, clearance) := found if {
	found := authz.role_clearance("network", base, clearance)
		with data.netzraum.roles as roles
		with data.netzraum.ceilings as ceilings
		with data.netzraum.classifications as classifications
}

test_a_right_is_the_lower_of_ceiling_and_what_the_space_set if {
	level_of("guest", {"wiki": "manage"}, "wiki") == "contribute"
	level_of("guest", {"wiki": "none"}, "wiki") == "none"
	clearance_of("guest", "personal") == "internal"
	clearance_of("moderator", "internal") == "internal"
}

test_the_built_in_role_counts_where_the_space_set_nothing if {
	level_of("member", {}, "wiki") == "contribute"
	clearance_of("moderator", null) == "confidential"
}

test_a_lower_ceiling_works_at_once_whatever_the_space_set if {
	level := authz.role_level("network", "guest", {"notices": "read"}, "notices")
		with data.netzraum.ceilings.network.guest.levels.notices as "none"
	level == "none"
}

test_a_changed_built_in_role_works_where_the_space_did_not_override_it if {
	closed := json.patch(roles, [{"op": "replace", "path": "/network/guest/levels/notices", "value": "none"}])
	levels := [level |
		some set_by_space in [{}, {"notices": "read"}]
		level := authz.role_level("network", "guest", set_by_space, "notices")
			with data.netzraum.roles as closed
			with data.netzraum.ceilings as ceilings
	]
	levels == ["none", "read"]
}

test_what_is_unknown_has_nothing if {
	level_of("stranger", {}, "notices") == "none"
	clearance_of("stranger", "personal") == "none"
	authz.role_level("castle", "member", {}, "notices") == "none"
	authz.level_rank(level_of("member", {"wiki": "everything"}, "wiki")) == 0
	authz.class_rank("secret") == -1
}

test_a_membership_runs_from_its_first_moment_until_its_last if {
	authz.running({"from": now, "until": now + 1}, now)
	authz.running({"from": null, "until": null}, now)
	authz.running({}, now)
	not authz.running({"from": now + 1, "until": null}, now)
	not authz.running({"from": null, "until": now}, now)
	not authz.running(null, now)
}

test_who_was_a_member_is_a_visitor if {
	profile := authz.profile({"base": "coordinator", "until": now - 1}, "network", "notices", now)
		with data.netzraum.roles as roles
	profile == {"member": false, "space_kind": "network", "level": "read", "clearance": "public"}
}

test_a_visitor_of_an_unknown_kind_of_space_sees_nothing if {
	profile := authz.visitor_profile("castle", "notices")
	profile == {"member": false, "space_kind": "castle", "level": "none", "clearance": "none"}
}
