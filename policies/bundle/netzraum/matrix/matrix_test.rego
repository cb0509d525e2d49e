package netzraum.matrix_test

import data.netzraum.authz

# The table of data.yaml, asked case by case of the policy with its data files as they are.

matrix := data.netzraum.matrix

rows_of[type] contains row if {
	some type in matrix.things.items.types
	some row in matrix.rows
	row.types == "items"
}

rows_of[type] contains row if {
	some row in matrix.rows
	is_array(row.types)
	some type in row.types
}

sides(row) := [row.whose == "own"] if row.whose != "both"

sides(row) := [true, false] if row.whose == "both"

begins(row, _) if not row.from

begins(row, asked) if rank(asked.classification) >= rank(row.from)

rank(classification) := data.netzraum.classifications[classification].rank

reaches("any", _, _)

reaches("cleared", one, asked) if rank(asked.classification) <= rank(matrix.cleared[asked.space_kind][one])

reaches(limit, _, asked) if rank(asked.classification) <= rank(limit)

# The verbs that the rows allow.
expected(one, asked) := {verb |
	some row in rows_of[asked.type]
	asked.state in row.states
	asked.own in sides(row)
	asked.space_kind in object.get(row, "spaces", [asked.space_kind])
	begins(row, asked)
	reaches(row.may[one], one, asked)
	some verb in row.verbs
} & object.keys(data.netzraum.actions.types[asked.type].verbs)

subject := {"account": "a", "institution": "i", "operator": false, "second_factor": true, "scopes": ["read", "write"]}

context := {"channel": "web", "now": now, "access_age_s": 0}

now := 1795506000

held(base) := {"role": base, "base": base, "overrides": {}, "from": null, "until": null}

subject_as("operator") := object.union(subject, {"operator": true, "membership": null})

subject_as("stranger") := object.union(subject, {"membership": null})

subject_as("former") := object.union(subject, {"membership": object.union(held("coordinator"), {"until": now})})

subject_as(one) := object.union(subject, {"membership": held(one)}) if not one in ["operator", "stranger", "former"]

classifications_of("items") := matrix.classifications

classifications_of("rooms") := [null]

classifications_of("platform") := [null]

reading_of(type) := concat(".", [data.netzraum.actions.types[type].service, type, "read"])

wrong(kind, space_kind) := {case |
	some type in matrix.things[kind].types
	some one in matrix.who
	asking := subject_as(one)
	some state in matrix.things[kind].states
	some own in [true, false]
	some classification in classifications_of(kind)
	asked := {"type": type, "space": "s", "space_kind": space_kind, "classification": classification, "own": own, "state": state, "named": "none"}
	answer := authz.decision with input as {"subject": asking, "action": reading_of(type), "resource": asked, "context": context}
	case := {"who": one, "asked": asked, "got": answer.actions, "expected": expected(one, asked)}
	{verb | some verb in case.got} != case.expected
}

test_the_matrix_holds_for_items_in_networks if wrong("items", "network") == set()

test_the_matrix_holds_for_items_in_bodies if wrong("items", "body") == set()

test_the_matrix_holds_for_items_in_communities if wrong("items", "community") == set()

test_the_matrix_holds_for_spaces_and_members if {
	every space_kind in ["network", "body", "community"] {
		wrong("rooms", space_kind) == set()
	}
}

test_the_matrix_holds_for_the_platform if wrong("platform", "network") == set()

test_every_type_stands_in_the_matrix if {
	{type | some kind in matrix.things; some type in kind.types} == object.keys(data.netzraum.actions.types)
}
