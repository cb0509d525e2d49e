package netzraum.authz_test

import data.netzraum.authz

test_a_right_is_the_lower_of_ceiling_and_what_the_space_set if {
	authz.role_level("network", "guest", {"wiki": "manage"}, "wiki") == "contribute"
	authz.role_level("network", "guest", {"wiki": "none"}, "wiki") == "none"
	authz.role_clearance("network", "guest", "personal") == "internal"
	authz.role_clearance("body", "member", "internal") == "internal"
}

test_the_built_in_role_counts_where_the_space_set_nothing if {
	authz.role_level("network", "member", {}, "wiki") == "contribute"
	authz.role_clearance("body", "member", null) == "confidential"
}

test_a_lower_ceiling_works_at_once_whatever_the_space_set if {
	authz.role_level("network", "guest", {"notices": "read"}, "notices") == "none" with data.netzraum.ceilings.network.guest.levels.notices as "none"
}

test_a_changed_built_in_role_works_where_the_space_did_not_override_it if {
	authz.role_level("network", "guest", {}, "notices") == "none" with data.netzraum.roles.network.guest.levels.notices as "none"
	authz.role_level("network", "guest", {"notices": "read"}, "notices") == "read" with data.netzraum.roles.network.guest.levels.notices as "none"
}

test_what_is_unknown_has_nothing if {
	authz.role_level("network", "stranger", {}, "notices") == "none"
	authz.role_level("castle", "member", {}, "notices") == "none"
	authz.role_clearance("network", "stranger", "personal") == "none"
	authz.level_rank(authz.role_level("network", "member", {"wiki": "everything"}, "wiki")) == 0
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
	authz.profile({"base": "coordinator", "until": now - 1}, "network", "notices", now) == {
		"member": false,
		"space_kind": "network",
		"level": "read",
		"clearance": "public",
	}
}

test_a_visitor_of_an_unknown_kind_of_space_sees_nothing if {
	authz.visitor_profile("castle", "notices") == {
		"member": false,
		"space_kind": "castle",
		"level": "none",
		"clearance": "none",
	}
}
