package netzraum.authz_test

test_unknown_questions_are_refused_and_say_so if {
	every action in ["content.notice.sing", "polls.notice.read", "content.poll.read", "notice.read", ""] {
		answer := answer_to({"action": action})
		answer.reasons == ["unknown_action"]
		answer.hide
	}
}

test_an_unknown_classification_is_refused if {
	every classification in ["secret", "unclassified", null] {
		answer_to(reading(classification)).reasons == ["unknown_classification"]
	}
}

test_what_one_may_not_know_of_is_hidden if {
	answer_to(reading("confidential")).hide
	answer_to(all_of([reading("personal"), being("moderator")])).hide
}

test_what_one_may_know_of_is_refused_in_the_open if {
	no_board := {"subject": {"membership": {"overrides": {"levels": {"notices": "none"}}}}}
	answer_to(no_board).reasons == ["level_too_low"]
	not answer_to(no_board).hide
	answer_to(all_of([no_board, {"resource": {"own": true}}])).reasons == ["level_too_low"]
	not answer_to({"action": "content.notice.update"}).hide
}

test_creating_is_refused_in_the_open_but_for_non_members if {
	creating := {"action": "content.notice.create", "resource": {"state": "new", "own": true, "classification": "personal"}}
	not answer_to(creating).hide
	answer_to(all_of([creating, {"subject": {"membership": null}}])).hide
}

test_reading_personal_is_audited if {
	answer_to(all_of([being("coordinator"), reading("personal")])).obligations == ["audit_read", "no_snippet"]
}

test_writing_personal_needs_purpose_and_day_of_deletion if {
	creating := {"action": "content.notice.create", "resource": {"state": "new", "own": true, "classification": "personal"}}
	answer_to(all_of([being("coordinator"), creating])).obligations == ["needs_delete_on", "needs_purpose"]
	updating := {"action": "content.notice.update", "resource": {"classification": "personal"}}
	answer_to(all_of([being("coordinator"), updating])).obligations == ["needs_delete_on", "needs_purpose"]
}

test_the_auditor_reads_audit_and_policy_and_no_content if {
	answer_to(being("auditor")).reasons == ["clearance_too_low", "level_too_low"]
	answer_to(all_of([being("auditor"), reading("public")])).reasons == ["clearance_too_low", "level_too_low"]
	answer_to(all_of([being("auditor"), {"action": "spaces.audit.read", "resource": {"type": "audit"}}])).allow
	answer_to(all_of([being("auditor"), {"action": "identity.policy.read", "resource": {"type": "policy"}}])).allow
	answer_to({"action": "spaces.audit.read", "resource": {"type": "audit"}}).reasons == ["level_too_low"]
}

test_every_member_enters_the_space if {
	entering := {"action": "spaces.space.read", "resource": {"type": "space"}}
	every base in ["coordinator", "moderator", "member", "guest", "auditor"] {
		answer_to(all_of([entering, being(base)])).allow
	}
	answer_to(all_of([entering, {"subject": {"membership": null}}])).hide
}
