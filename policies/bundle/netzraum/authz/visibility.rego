package netzraum.authz

# Lists ask once. The same gates as a decision's, asked for whole classifications and states instead of for one resource.

types_asked := {name: listed |
	some name, listed in data.netzraum.actions.types
	listed.tool in input.tools
}

# The verbs asked about of each type, with their kinds.
verbs_asked := {name: object.filter(listed.verbs, input.verbs) | some name, listed in types_asked} if {
	input.verbs
} else := {name: listed.verbs | some name, listed in types_asked}

# METADATA
# title: What a membership holds; nothing where it does not run, and nothing for the operator
holdings := [holding(membership) | some membership in input.memberships]

holding(membership) := {
	"space_kind": membership.space_kind,
	"base": membership.base,
	"levels": object.get(membership, ["overrides", "levels"], {}),
	"clearance": object.get(membership, ["overrides", "clearance"], null),
} if {
	not input.subject.operator
	running(membership, input.context.now)
} else := null

# METADATA
# title: For each distinct holding, its profile in each tool
profiles_by_holding := {held: profiles |
	some held in {held | some held in holdings; held != null}
	clearance := role_clearance(held.space_kind, held.base, held.clearance)
	profiles := {tool: p |
		some tool in input.tools
		level := role_level(held.space_kind, held.base, held.levels, tool)
		p := {"member": true, "space_kind": held.space_kind, "level": level, "clearance": clearance}
	}
}

# METADATA
# title: The name of a profile, opaque to who asks
profile_name(tool, p) := concat(":", [p.space_kind, tool, p.level, p.clearance])

profiles_found := {[tool, p] | some profiles in profiles_by_holding; some tool, p in profiles}

# The classifications that what is asked about may have: items have one, all else is unclassified.
classes_of(of_items) := {name |
	some name, _ in data.netzraum.classifications
	classified_here := name != "unclassified"
	classified_here == of_items
}

# What the token lets through.
reaching_in := passing(asking_gates(asking))

# METADATA
# title: Classifications for which the same passes and the same is owed
class_blocks(p, of_items, own_side) := grouped({name: part |
	some name, open in open_classes(p, of_items)
	passed := open & passing(reader_gates(asking, p, name, own_side))
	passed != none
	part := {"duties": data.netzraum.classifications[name].obligations, "kinds": passed}
})

open_classes(p, of_items) := {name: passed |
	some name in classes_of(of_items)
	passed := reaching_in & passing(way_gates(asking, p, name))
	passed != none
}

# METADATA
# title: States in which the same passes
state_blocks(p, own_side) := grouped({state: part |
	some state in data.netzraum.actions.states
	passed := passing(state_gates(p, own_side, state))
	passed != none
	part := {"new": state == "new", "kinds": passed}
})

# METADATA
# title: How an item may name roles, where the same passes
named_blocks := {own_side: blocks |
	some own_side in [true, false]
	blocks := grouped({named: part |
		some named in ["mine", "none", "others"]
		passed := passing(named_gates(own_side, named))
		passed != none
		part := {"kinds": passed}
	})
}

# METADATA
# title: Names that stand for the same, together, in the order of their first
grouped(parts) := [object.union(part, {"names": names}) | some [names, part] in sort(with_names(parts))]

with_names(parts) := {[names, part] |
	some part in {part | some part in parts}
	names := sort({name | some name, other in parts; other == part})
}

# METADATA
# title: The blocks of classifications, states and named roles in which the same passes
blocks(p, of_items) := [block |
	some own_side in [false, true]
	some of_class in class_blocks(p, of_items, own_side)
	some of_state in state_blocks(p, own_side)
	here := of_class.kinds & of_state.kinds
	here != none
	some of_named in named_blocks[own_side]
	passed := here & of_named.kinds
	passed != none
	block := {
		"kinds": passed,
		"cell": {
			"classifications": of_class.names,
			"own": own_side,
			"named": of_named.names,
			"states": of_state.names,
			"obligations": duties(of_class.duties, of_state.new, passed),
		},
	}
]

# METADATA
# title: A cell owes what reading owes, or what creating owes where there is nothing to read yet
duties(owing, false, passed) := owing.read if passed & reading_kinds != set()

duties(_, false, passed) := [] if passed & reading_kinds == set()

duties(owing, true, passed) := owing.write if passed & writing_kinds != set()

duties(_, true, passed) := [] if passed & writing_kinds == set()

writing_kinds := {kind | some kind, rule in kinds; rule.writes}

# METADATA
# title: The cells of every type of the tool, for each distinct profile
cells := {name: by_type |
	some [tool, p] in profiles_found
	name := profile_name(tool, p)
	by_type := {type_found: found |
		some type_found, listed in types_asked
		listed.tool == tool
		found := cells_of(type_found, p)
		found != []
	}
	by_type != {}
}

cells_of(name, p) := [object.union(block.cell, {"actions": verbs}) |
	some block in blocks(p, object.get(types_asked[name], "classified", true))
	verbs := verbs_in(name, block.kinds)
	verbs != []
]

# METADATA
# title: The verbs of a type that a set of kinds stands for
verbs_in(name, passed) := sort([verb | some verb, kind in verbs_asked[name]; passed[kind]])

# METADATA
# title: The answer
seen := {
	"memberships": [profile_names(held) | some held in holdings],
	"profiles": cells,
}

profile_names(held) := {tool: name |
	some tool, p in profiles_by_holding[held]
	name := profile_name(tool, p)
	cells[name]
}
