package netzraum.authz_test

import data.netzraum.authz

# What the tests ask with: a member of a network who is logged in with a second factor. Each test changes what it is about.
now := 1795506000

subject := {
	"account": "a",
	"institution": "i",
	"operator": false,
	"second_factor": true,
	"scopes": ["read", "write"],
	"membership": held("member"),
}

held(base) := {"role": base, "base": base, "overrides": {}, "from": now - 1000, "until": null}

being(base) := {"subject": {"membership": held(base)}}

notice := {
	"type": "notice",
	"space": "s",
	"space_kind": "network",
	"classification": "internal",
	"own": false,
	"state": "published",
	"named": "none",
}

context := {"channel": "web", "now": now, "access_age_s": 3}

question := {"subject": subject, "action": "content.notice.read", "resource": notice, "context": context}

answer_to(changes) := answer if {
	asked := object.union(question, changes)
	answer := authz.decision with input as asked
		with data.netzraum.roles as roles
		with data.netzraum.ceilings as ceilings
		with data.netzraum.classifications as classifications
}

reading(classification) := {"resource": {"classification": classification}}

all_of(changes) := object.union_n(changes)

test_reads_what_the_role_may_see if {
	answer_to({}) == {
		"allow": true,
		"hide": false,
		"reasons": [],
		"obligations": [],
		"actions": ["acknowledge", "read", "read_access"],
	}
}

test_a_question_that_lacks_something_is_refused_and_hidden if {
	some path in [["subject", "operator"], ["resource", "own"], ["resource", "named"], ["context", "access_age_s"]]
	asked := json.remove(question, [concat("/", path)])
	answer := authz.decision with input as asked
	answer == {"allow": false, "hide": true, "reasons": ["incomplete_input"], "obligations": [], "actions": []}
}

test_every_part_that_lacks_is_noticed if {
	every path in ["subject/operator", "subject/second_factor", "resource/own", "resource/named", "context/channel"] {
		asked := json.remove(question, [path])
		answer := authz.decision with input as asked
		not answer.allow
	}
}

test_an_empty_question_shows_nothing if {
	seen := authz.visibility with input as {}
	seen == {"memberships": [], "profiles": {}}
	addressed := authz.audience with input as {}
	addressed == {"second_factor_needed": false, "roles": []}
}

test_an_unknown_classification_is_seen_by_no_role if {
	asked := {"roles": [held("coordinator")], "resource": object.union(notice, {"classification": "secret"})}
	answer := authz.audience with input as asked
		with data.netzraum.roles as roles
		with data.netzraum.ceilings as ceilings
		with data.netzraum.classifications as classifications
	answer == {"second_factor_needed": false, "roles": []}
}
