package netzraum.authz_test

test_a_token_without_write_only_reads if {
	scopes := {"subject": {"scopes": ["read"], "membership": held("coordinator")}}
	answer_to(scopes).actions == ["read", "read_access", "read_history"]
	answer_to(all_of([scopes, {"action": "content.notice.update"}])).reasons == ["scope_too_narrow"]
}

test_who_manages_the_tool_looks_back if {
	looking := {"action": "content.notice.read_history"}
	answer_to(all_of([looking, being("moderator")])).allow
	answer_to(looking).reasons == ["level_too_low"]
	levels := {"levels": {"notices": "read"}}
	lowered := {"subject": {"membership": object.union(held("moderator"), {"overrides": levels})}}
	answer_to(all_of([looking, lowered])).reasons == ["level_too_low"]
}

test_a_feed_token_reads_feeds_and_nothing_else if {
	scopes := {"subject": {"scopes": ["feed"]}}
	answer_to(all_of([scopes, {"context": {"channel": "feed"}}])).allow
	answer_to(all_of([scopes, {"context": {"channel": "api"}}])).reasons == ["scope_too_narrow"]
}

test_an_unknown_channel_is_closed if {
	answer_to({"context": {"channel": "telegraph"}}).reasons == ["channel_closed", "scope_too_narrow"]
}

test_confidential_never_goes_into_mails_feeds_and_pushes if {
	every channel in ["mail", "feed", "push"] {
		answer := answer_to(all_of([being("coordinator"), reading("confidential"), {"context": {"channel": channel}}]))
		answer.reasons == ["channel_closed"]
	}
}

test_internal_may_go_into_mails if answer_to({"context": {"channel": "mail"}, "subject": {"scopes": ["read"]}}).allow

test_personal_is_exported_by_its_author_alone if {
	export := all_of([being("coordinator"), reading("personal"), {"context": {"channel": "export"}}])
	answer_to(export).reasons == ["channel_closed"]
	answer_to(all_of([export, {"resource": {"own": true}}])).allow
}

test_the_role_sees_up_to_its_clearance if {
	answer_to(all_of([being("moderator"), reading("confidential")])).allow
	answer_to(all_of([being("moderator"), reading("personal")])).reasons == ["clearance_too_low"]
	answer_to(reading("confidential")).reasons == ["clearance_too_low"]
}

test_the_author_reads_what_was_raised_above_them_but_changes_it_no_more if {
	raised := {"resource": {"type": "bookmark", "classification": "confidential", "own": true}}
	answer_to(all_of([raised, {"action": "content.bookmark.read"}])).actions == ["read", "read_access"]
	answer_to(all_of([raised, {"action": "content.bookmark.update"}])).reasons == ["clearance_too_low"]
}

test_personal_needs_a_second_factor if {
	asked := all_of([being("coordinator"), reading("personal")])
	answer_to(asked).allow
	without := answer_to(all_of([asked, {"subject": {"second_factor": false}}]))
	without.reasons == ["second_factor_needed"]
	not without.hide
}

test_old_access_data_close_the_better_protected_first if {
	late := {"context": {"access_age_s": 20}}
	answer_to(all_of([late, being("coordinator"), reading("confidential")])).allow
	answer_to(all_of([late, being("coordinator"), reading("personal")])).reasons == ["access_data_too_old"]
	answer_to({"context": {"access_age_s": 100000}}).reasons == ["access_data_too_old"]
}

test_whoever_is_no_member_reads_what_is_public_and_nothing_else if {
	stranger := {"subject": {"membership": null}}
	public := answer_to(all_of([stranger, reading("public")]))
	public.allow
	public.actions == ["read"]
	internal := answer_to(all_of([stranger, reading("internal")]))
	internal.reasons == ["clearance_too_low", "not_a_member"]
	internal.hide
	answer_to(all_of([stranger, reading("public"), {"action": "content.notice.acknowledge"}])).reasons == ["not_a_member"]
}

test_who_left_sees_nothing_more_not_even_own_drafts if {
	left := {"subject": {"membership": {"until": now - 1}}}
	own_draft := {"resource": {"own": true, "state": "draft"}}
	answer_to(all_of([left, own_draft])).hide
	answer_to(all_of([left, own_draft, reading("public")])).reasons == ["wrong_state"]
	answer_to(all_of([left, reading("public")])).allow
}

test_anonymous_readers_only_where_the_space_has_a_public_page if {
	nobody := {"subject": {"account": null, "membership": null, "scopes": ["read"]}}
	answer_to(all_of([nobody, reading("public")])).reasons == ["no_public_page"]
	answer_to(all_of([nobody, reading("public"), {"resource": {"public_page": true}}])).allow
	answer_to(all_of([nobody, {"resource": {"public_page": true}}])).hide
}

test_the_level_names_what_one_may_do if {
	answer_to({"action": "content.notice.create", "resource": {"state": "new", "own": true}}).reasons == ["level_too_low"]
	answer_to(all_of([being("moderator"), {"action": "content.notice.create", "resource": {"state": "new", "own": true}}])).allow
}

test_drafts_are_their_authors_alone if {
	draft := {"resource": {"state": "draft"}}
	answer_to(all_of([draft, being("coordinator")])).reasons == ["wrong_state"]
	answer_to(all_of([draft, being("coordinator")])).hide
	answer_to(all_of([draft, {"resource": {"own": true}}])).allow
}

test_coming_and_deleted_are_seen_by_author_and_managers if {
	every state in ["coming", "deleted"] {
		asked := {"resource": {"state": state}}
		answer_to(all_of([asked, being("moderator")])).allow
		answer_to(all_of([asked, {"resource": {"own": true}}])).allow
		answer_to(asked).reasons == ["wrong_state"]
		answer_to(asked).hide
	}
}

test_named_roles_narrow_for_everyone_but_the_author if {
	others := {"resource": {"named": "others"}}
	answer_to(all_of([others, being("coordinator")])).reasons == ["not_named"]
	answer_to(all_of([others, being("coordinator")])).hide
	answer_to({"resource": {"named": "mine"}}).allow
	answer_to(all_of([others, {"resource": {"own": true}}])).allow
	answer_to({"resource": {"named": "whatever"}}).reasons == ["not_named"]
}

test_the_operator_reads_no_content_not_even_as_a_member if {
	operator := {"subject": {"operator": true, "membership": held("coordinator")}}
	answer_to(operator).reasons == ["operator_reads_no_content"]
	answer_to(all_of([operator, reading("public")])).reasons == ["operator_reads_no_content"]
	answer_to(all_of([operator, reading("personal")])).hide
}

approving := {
	"action": "identity.institution.approve",
	"subject": {"membership": null},
	"resource": {"type": "institution", "own": false, "state": "pending"},
}

test_the_operator_alone_approves_institutions if {
	answer_to(approving).reasons == ["operator_needed"]
	by_operator := answer_to(all_of([approving, {"subject": {"operator": true}}]))
	by_operator.allow
	by_operator.actions == ["approve", "read", "reject"]
	by_operator.obligations == ["audit"]
	again := answer_to(all_of([approving, {"subject": {"operator": true}, "resource": {"state": "approved"}}]))
	again.reasons == ["wrong_state"]
}

test_everyone_sees_their_own_institution if {
	reading_own := all_of([approving, {"action": "identity.institution.read", "resource": {"own": true}}])
	answer_to(reading_own).allow
	answer_to(all_of([reading_own, {"resource": {"own": false}}])).reasons == ["operator_needed"]
}

test_bodies_are_founded_in_networks if {
	founding := {"action": "spaces.space.create_body", "resource": {"type": "space", "classification": null}}
	answer_to(all_of([being("coordinator"), founding])).allow
	answer_to(founding).reasons == ["level_too_low"]
	in_body := all_of([being("coordinator"), founding, {"resource": {"space_kind": "body"}}])
	answer_to(in_body).reasons == ["wrong_kind_of_space"]
}

test_something_public_is_created_by_who_could_make_it_public if {
	event := {"action": "calendar.event.create", "resource": {"type": "event", "classification": "public", "own": true, "state": "new"}}
	answer_to(all_of([event, being("moderator")])).allow
	answer_to(event).reasons == ["level_too_low_for_public"]
	not answer_to(event).hide
	answer_to(all_of([event, {"action": "calendar.event.import"}])).reasons == ["level_too_low_for_public"]
	answer_to(all_of([event, {"resource": {"classification": "internal"}}])).allow
}

test_whoever_contributes_adds_to_what_is_public if {
	post := {"type": "post", "classification": "public", "own": true, "state": "new"}
	answer_to({"action": "content.post.create", "resource": post}).allow
}

test_an_action_of_an_unknown_kind_is_kept_back if {
	answer := answer_to(being("coordinator")) with data.netzraum.actions.types.notice.verbs.read as "unheard_of"
	not answer.allow
	answer.hide
	"level_too_low" in answer.reasons
	not "read" in answer.actions
}
