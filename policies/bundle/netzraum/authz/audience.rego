package netzraum.authz

# METADATA
# title: What the roles may, not a log-in, so nothing about the way in stands in the way
asking_fully := {
	"anonymous": false,
	"second_factor": true,
	"scopes": ["read", "write"],
	"channel": "web",
	"age": 0,
	"public_page": false,
}

roles_asked := input.roles

role_in_space(role) := membership_profile(role, input.resource.space_kind, type.tool)

# METADATA
# title: Whether an item that names roles names this one
named_for(_) := "none" if count(roles_named) == 0

named_for(role) := "mine" if role.role in roles_named

named_for(role) := "others" if {
	count(roles_named) > 0
	not role.role in roles_named
}

roles_named := object.get(input.resource, "roles", [])

# METADATA
# title: What a role may do with the resource, and why it does not see it
allowed_to(role, p, own_side) := {
	"visible": count(missing) == 0,
	"actions": sort({verb | some verb, kind in type.verbs; kind in passed}),
	"reasons": sort(missing),
} if {
	role_gates := object.union_n([
		way_gates(asking_fully, p, class),
		reader_gates(asking_fully, p, class, own_side),
		state_gates(p, own_side, input.resource.state),
		named_gates(own_side, named_for(role)),
	])
	passed := passing(role_gates)
	missing := failing(role_gates, reading_kind)
}

# METADATA
# title: The answer, one entry per role asked about
addressed := {
	"second_factor_needed": data.netzraum.classifications[class].second_factor,
	"roles": [entry |
		some role in roles_asked
		p := role_in_space(role)
		entry := object.union(
			{"role": role.role, "level": p.level, "clearance": p.clearance, "author": allowed_to(role, p, true)},
			allowed_to(role, p, false),
		)
	],
}
