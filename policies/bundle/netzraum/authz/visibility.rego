package netzraum.authz

# Lists ask once. The same gates as a decision's, intersected for whole classifications and states instead of for one resource.

types_asked := {name: listed |
	some name, listed in data.netzraum.actions.types
	listed.tool in input.tools
}

verbs_of(listed) := object.keys(listed.verbs) & {verb | some verb in input.verbs} if {
	input.verbs
} else := object.keys(listed.verbs)

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

profiles_found := {p | some profiles in profiles_by_holding; some p in profiles}

# METADATA
# title: Classifications for which the same passes and the same is owed, per clearance and level
class_blocks := {rights: {"own": class_blocks_of(p, true), "others": class_blocks_of(p, false)} |
	some p in {{"member": true, "clearance": found.clearance, "level": found.level} | some found in profiles_found}
	rights := [p.clearance, p.level]
}

class_blocks_of(p, own_side) := grouped({name: part |
	some name, rule in data.netzraum.classifications
	passed := passing(object.union(asking_gates(asking), class_gates(asking, p, name, own_side)))
	part := {"classified": name != "unclassified", "duties": rule.obligations, "kinds": passed}
})

# METADATA
# title: States in which the same passes, per kind of space and level
state_blocks := {rights: {"own": state_blocks_of(p, true), "others": state_blocks_of(p, false)} |
	some p in {{"space_kind": found.space_kind, "level": found.level} | some found in profiles_found}
	rights := [p.space_kind, p.level]
}

state_blocks_of(p, own_side) := grouped({state: part |
	some state in data.netzraum.actions.states
	part := {"new": state == "new", "kinds": passing(state_gates(p, own_side, state))}
})

# METADATA
# title: How an item may name roles, where the same passes
named_blocks := {whose(own_side): blocks |
	some own_side in [false, true]
	blocks := grouped({named: part |
		some named in ["none", "mine", "others"]
		part := {"kinds": passing(named_gates(own_side, named))}
	})
}

# METADATA
# title: Names that stand for the same, together, in the order of their first
grouped(parts) := [object.union(part, {"names": names}) |
	some first in sort(object.keys(parts))
	part := parts[first]
	names := sort({name | some name, other in parts; other == part})
	names[0] == first
]

# METADATA
# title: The blocks of classifications, states and named roles in which the same passes, for each distinct profile
blocks := {p: joined |
	some p in profiles_found
	joined := [block |
		some side in ["others", "own"]
		some of_class in class_blocks[[p.clearance, p.level]][side]
		some of_state in state_blocks[[p.space_kind, p.level]][side]
		some of_named in named_blocks[side]
		passed := (of_class.kinds & of_state.kinds) & of_named.kinds
		passed != set()
		block := {
			"classified": of_class.classified,
			"kinds": passed,
			"cell": {
				"classifications": of_class.names,
				"own": side == "own",
				"named": of_named.names,
				"states": of_state.names,
				"obligations": duties(of_class.duties, of_state.new, passed),
			},
		}
	]
}

# METADATA
# title: A cell owes what reading owes, or what creating owes where there is nothing to read yet
duties(owing, false, passed) := owing.read if passed & reading_kinds != set()

duties(_, false, passed) := [] if passed & reading_kinds == set()

duties(owing, true, passed) := owing.write if passed & writing_kinds != set()

duties(_, true, passed) := [] if passed & writing_kinds == set()

writing_kinds := {kind | some kind, rule in kinds; rule.writes}

# METADATA
# title: The verbs of each type that a set of kinds stands for
verbs_by_kinds := {name: verbs |
	some name, listed in types_asked
	verbs := {passed: sort({verb | some verb in verbs_of(listed); listed.verbs[verb] in passed}) |
		some passed in {block.kinds | some joined in blocks; some block in joined}
	}
}

# METADATA
# title: The cells of every type of the tool, for each distinct profile
cells := {name: by_type |
	some profiles in profiles_by_holding
	some tool, p in profiles
	name := profile_name(tool, p)
	by_type := {type_found: found |
		some type_found, listed in types_asked
		listed.tool == tool
		found := cells_of(type_found, listed, p)
		found != []
	}
	by_type != {}
}

cells_of(name, listed, p) := [object.union(block.cell, {"actions": verbs}) |
	some block in blocks[p]
	block.classified == object.get(listed, "classified", true)
	verbs := verbs_by_kinds[name][block.kinds]
	verbs != []
]

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
