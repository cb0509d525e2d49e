package netzraum.authz_test

changing(verb, classification, after) := {
	"action": concat(".", ["content.notice", verb]),
	"resource": {"classification": classification},
	"change": {"before": {"classification": classification}, "after": {"classification": after}, "gains": 0},
}

test_lowering_needs_manage_the_old_clearance_and_a_reason if {
	lowering := changing("lower", "confidential", "internal")
	answer := answer_to(all_of([being("moderator"), lowering]))
	answer.allow
	answer.obligations == ["audit", "needs_reason"]
	answer_to(all_of([being("member"), lowering, {"resource": {"own": true}}])).reasons == ["clearance_too_low", "level_too_low"]
	answer_to(all_of([being("moderator"), changing("lower", "personal", "internal")])).reasons == ["clearance_too_low"]
}

test_lowering_goes_down if {
	answer_to(all_of([being("coordinator"), changing("lower", "internal", "confidential")])).reasons == ["nothing_lowered"]
	answer_to(all_of([being("coordinator"), changing("lower", "internal", "internal")])).reasons == ["nothing_lowered"]
}

test_lowering_also_takes_named_roles_away if {
	widening := all_of([changing("lower", "internal", "internal"), {"change": {"gains": 4}}])
	answer_to(all_of([being("coordinator"), widening])).allow
}

test_making_public_is_an_action_of_its_own if {
	answer_to(all_of([being("moderator"), changing("lower", "internal", "public")])).reasons == ["other_action_needed"]
	public := answer_to(all_of([being("moderator"), changing("make_public", "internal", "public")]))
	public.allow
	public.obligations == ["audit", "needs_reason"]
	answer_to(all_of([being("coordinator"), changing("make_public", "confidential", "internal")])).reasons == ["not_public"]
	answer_to(all_of([being("coordinator"), changing("make_public", "public", "public")])).reasons == ["nothing_lowered"]
}

test_raising_goes_up_and_not_above_ones_clearance if {
	answer_to(all_of([being("moderator"), changing("raise", "internal", "confidential")])).allow
	answer_to(all_of([being("moderator"), changing("raise", "confidential", "internal")])).reasons == ["nothing_raised"]
	answer_to(all_of([being("moderator"), changing("raise", "internal", "personal")])).reasons == ["clearance_too_low"]
	to_personal := answer_to(all_of([being("coordinator"), changing("raise", "internal", "personal")]))
	to_personal.obligations == ["needs_delete_on", "needs_purpose"]
}

test_raising_to_personal_needs_the_second_factor if {
	asked := all_of([being("coordinator"), changing("raise", "internal", "personal"), {"subject": {"second_factor": false}}])
	answer_to(asked).reasons == ["second_factor_needed"]
}

test_an_update_changes_no_classification_and_widens_nothing if {
	answer_to(all_of([being("moderator"), changing("update", "internal", "confidential")])).reasons == ["other_action_needed"]
	answer_to(all_of([being("moderator"), changing("update", "internal", "internal")])).allow
	widening := all_of([being("moderator"), changing("update", "internal", "internal"), {"change": {"gains": 1}}])
	answer_to(widening).reasons == ["would_widen"]
}

test_what_is_decided_for_before_and_after_needs_both if {
	every verb in ["raise", "lower", "make_public", "move"] {
		answer := answer_to(all_of([being("coordinator"), {"action": concat(".", ["content.notice", verb])}]))
		"change_missing" in answer.reasons
	}
	answer_to(all_of([being("coordinator"), changing("raise", "internal", "secret")])).reasons == ["nothing_raised", "unknown_classification"]
}

moving(target) := {
	"action": "content.file.move",
	"resource": {"type": "file", "own": true},
	"change": {"before": {"space": "s"}, "after": target, "gains": 0},
}

body_as(base) := {"space": "t", "space_kind": "body", "membership": held(base)}

test_a_move_needs_the_right_to_create_in_the_target if {
	answer_to(moving(body_as("member"))).allow
	answer_to(moving(body_as("guest"))).reasons == ["target_denied"]
	answer_to(moving({"space": "t", "space_kind": "body", "membership": null})).reasons == ["target_denied"]
}

test_a_move_within_the_space_asks_for_nothing_more if answer_to(moving({"space": "s"})).allow

test_a_move_widens_nothing if {
	answer_to(all_of([moving(body_as("member")), {"change": {"gains": 1}}])).reasons == ["would_widen"]
}

test_personal_never_moves_to_another_space if {
	personal := {"resource": {"classification": "personal"}}
	answer_to(all_of([being("coordinator"), moving(body_as("coordinator")), personal])).reasons == ["never_moves"]
	answer_to(all_of([being("coordinator"), moving({"space": "s"}), personal])).allow
}

members_tool(verb, before, after) := {
	"action": concat(".", ["spaces", verb]),
	"resource": {"type": split(verb, ".")[0], "classification": null, "state": state_before(before)},
	"change": {"before": before, "after": after, "remaining_coordinators": 1},
}

state_before(null) := "new"

state_before(before) := "published" if before != null

role(base) := {"base": base, "levels": {}, "clearance": null}

test_a_coordinator_grants_every_role if {
	every base in ["coordinator", "moderator", "member", "guest", "auditor"] {
		answer := answer_to(all_of([being("coordinator"), members_tool("membership.create", null, role(base))]))
		answer.allow
		answer.obligations == ["audit"]
	}
}

test_no_one_grants_more_than_they_have if {
	inviting := {"subject": {"membership": {"role": "x", "base": "moderator", "overrides": {"levels": {"members": "contribute"}}}}}
	answer_to(all_of([inviting, members_tool("membership.create", null, role("member"))])).allow
	answer_to(all_of([inviting, members_tool("membership.create", null, role("coordinator"))])).reasons == ["more_than_own"]
	cleared := object.union(role("moderator"), {"clearance": "personal"})
	answer_to(all_of([inviting, members_tool("membership.create", null, cleared)])).reasons == ["more_than_own"]
}

in_community := {"resource": {"space_kind": "community"}}

test_no_one_takes_away_what_they_have_not if {
	ending := all_of([being("moderator"), members_tool("membership.end", role("coordinator"), null), in_community])
	answer_to(ending).reasons == ["more_than_own"]
	answer_to(all_of([being("moderator"), members_tool("membership.end", role("member"), null), in_community])).allow
}

test_everyone_may_leave_but_the_last_coordinator if {
	leaving := {"resource": {"own": true}, "change": {"remaining_coordinators": 0}}
	answer_to(all_of([being("guest"), members_tool("membership.end", role("guest"), null), leaving])).allow
	last := all_of([being("coordinator"), members_tool("membership.end", role("coordinator"), null), leaving])
	answer_to(last).reasons == ["last_coordinator"]
	answer_to(all_of([last, {"change": {"remaining_coordinators": 1}}])).allow
}

test_the_last_coordinator_is_not_demoted if {
	none_left := {"change": {"remaining_coordinators": 0}}
	demoting := all_of([being("coordinator"), members_tool("membership.update", role("coordinator"), role("member")), none_left])
	answer_to(demoting).reasons == ["last_coordinator"]
	keeping := all_of([being("coordinator"), members_tool("membership.update", role("coordinator"), role("coordinator")), none_left])
	answer_to(keeping).allow
	weakening := all_of([
		being("coordinator"),
		members_tool("role.update", role("coordinator"), {"base": "coordinator", "levels": {"members": "read"}}),
		none_left,
	])
	answer_to(weakening).reasons == ["last_coordinator"]
}

test_a_role_stays_below_the_ceiling_and_the_answer_names_it if {
	editor := {"base": "guest", "levels": {"notices": "manage"}, "clearance": "internal"}
	answer := answer_to(all_of([being("coordinator"), members_tool("role.update", null, editor)]))
	answer.reasons == ["ceiling_exceeded"]
	answer.ceiling.levels.notices == "read"
	answer.ceiling.clearance == "internal"
}

test_a_guest_never_gets_clearance_for_confidential if {
	cleared := {"base": "guest", "clearance": "confidential"}
	answer_to(all_of([being("coordinator"), members_tool("role.update", null, cleared)])).reasons == ["ceiling_exceeded"]
	answer_to(all_of([being("coordinator"), members_tool("role.update", role("guest"), {"base": "guest"})])).allow
}

test_a_role_needs_a_base_that_is_known if {
	every base in ["visitor", "emperor"] {
		answer := answer_to(all_of([being("coordinator"), members_tool("role.update", null, role(base))]))
		answer.reasons == ["unknown_role"]
	}
	answer_to(all_of([being("coordinator"), members_tool("role.update", null, role("member"))])).allow
}

test_the_operator_appoints_where_nobody_coordinates if {
	operator := {"subject": {"operator": true, "membership": null}}
	nobody := {"change": {"remaining_coordinators": 0}}
	appointing := all_of([operator, members_tool("membership.appoint", null, role("coordinator"))])
	answer_to(all_of([appointing, nobody])).allow
	answer_to(appointing).reasons == ["coordinator_there"]
	member := all_of([operator, members_tool("membership.appoint", null, role("member")), nobody])
	answer_to(member).reasons == ["not_a_coordinator"]
	answer_to(all_of([being("coordinator"), members_tool("membership.appoint", null, role("coordinator")), nobody])).reasons == ["operator_needed"]
}

test_who_is_appointed_counts_even_where_a_policy_weighs_no_appointment if {
	operator := {"subject": {"operator": true, "membership": null}}
	appointing := object.remove(members_tool("membership.appoint", null, role("coordinator")), ["change"])
	unweighed := object.remove(data.netzraum.actions.kinds.appoint, ["weighed"])
	answer := answer_to(all_of([operator, appointing])) with data.netzraum.actions.kinds.appoint as unweighed
	answer.reasons == ["not_a_coordinator"]
}
