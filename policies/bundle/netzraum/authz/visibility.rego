package netzraum.authz

# Lists ask once. The same gates as a decision's, intersected for whole classifications and states instead of for one resource.

spaces_asked := input.memberships

tools_asked := input.tools

# METADATA
# title: Who asks for a list; a list is never asked for anonymously and covers own spaces only
asking_list := {
	"anonymous": object.get(input.subject, "account", null) == null,
	"second_factor": input.subject.second_factor,
	"scopes": input.subject.scopes,
	"channel": input.context.channel,
	"age": input.context.access_age_s,
	"public_page": false,
}

# METADATA
# title: The name of a profile, opaque to who asks
profile_name(tool, p) := concat(":", [p.space_kind, tool, p.level, p.clearance])

# METADATA
# title: For each membership, the profile that it gives in each tool
profiles_by_membership := [profiles_of(membership) | some membership in spaces_asked]

profiles_of(membership) := {tool: membership_profile(membership, membership.space_kind, tool) |
	not input.subject.operator
	running(membership, input.context.now)
	some tool in tools_asked
}

profiles_found := {name: {"tool": tool, "profile": p} |
	some profiles in profiles_by_membership
	some tool, p in profiles
	name := profile_name(tool, p)
}

# METADATA
# title: The cells of every type of the tool, for each distinct profile
cells_by_profile := {name: cells_by_type |
	some name, found in profiles_found
	cells_by_type := {type_found: cells |
		some type_found, listed in data.netzraum.actions.types
		listed.tool == found.tool
		cells := cells_of(found.profile, listed)
		count(cells) > 0
	}
	count(cells_by_type) > 0
}

# METADATA
# title: The cells of one type, as blocks of classifications, states and named roles in which the same is allowed
cells_of(p, listed) := [cell |
	some own_side in [false, true]
	some class_block in class_blocks[p.clearance][own_side]
	class_block.classified == object.get(listed, "classified", true)
	some state_block in state_blocks[p.space_kind][p.level][own_side]
	some named_block in named_blocks[own_side]
	passed := (class_block.kinds & state_block.kinds) & named_block.kinds
	actions := sort({verb | some verb in verbs_of(listed); listed.verbs[verb] in passed})
	count(actions) > 0
	cell := {
		"classifications": class_block.names,
		"own": own_side,
		"named": named_block.names,
		"states": state_block.names,
		"actions": actions,
		"obligations": cell_duties(class_block, state_block, passed),
	}
]

verbs_of(listed) := object.keys(listed.verbs) & {verb | some verb in input.verbs} if {
	input.verbs
} else := object.keys(listed.verbs)

# METADATA
# title: The kinds of action that matter here; the fewer, the fewer the cells
kinds_asked := {kind |
	some listed in data.netzraum.actions.types
	listed.tool in tools_asked
	some verb in verbs_of(listed)
	kind := listed.verbs[verb]
}

# METADATA
# title: A cell owes what reading owes, or what creating owes where there is nothing to read yet
cell_duties(class_block, state_block, passed) := class_block.duties.read if {
	not state_block.new
	passed & reading_kinds != set()
} else := class_block.duties.write if {
	state_block.new
	passed & writing_kinds != set()
} else := []

writing_kinds := {kind | some kind, rule in kinds; object.get(rule, "writes", false)}

# METADATA
# title: Classifications for which the same passes and the same is owed, per clearance
class_blocks := {clearance: {own_side: blocks |
	some own_side in [false, true]
	blocks := grouped({name: part |
		some name, rule in data.netzraum.classifications
		part := {
			"classified": name != "unclassified",
			"duties": rule.obligations,
			"kinds": passing(object.union(asking_gates(asking_list), class_gates(asking_list, p, name, own_side))) & kinds_asked,
		}
	})
} |
	some found in profiles_found
	clearance := found.profile.clearance
	p := {"member": true, "clearance": clearance}
}

# METADATA
# title: States in which the same passes, per kind of space and level
state_blocks := {space: {level: {own_side: blocks |
	some own_side in [false, true]
	blocks := grouped({state: part |
		some state in data.netzraum.actions.states
		part := {"new": state == "new", "kinds": passing(state_gates(p, own_side, state)) & kinds_asked}
	})
} |
	some found in profiles_found
	found.profile.space_kind == space
	level := found.profile.level
	p := {"space_kind": space, "level": level}
} |
	some space in {found.profile.space_kind | some found in profiles_found}
}

# METADATA
# title: How an item may name roles, where the same passes
named_blocks := {own_side: blocks |
	some own_side in [false, true]
	blocks := grouped({named: part |
		some named in ["none", "mine", "others"]
		part := {"kinds": passing(named_gates(own_side, named))}
	})
}

# METADATA
# title: Names that stand for the same, together
grouped(parts) := {object.union(part, {"names": names}) |
	some part in {part | some part in parts}
	names := sort({name | some name, other in parts; other == part})
}

# METADATA
# title: The answer
seen := {
	"memberships": [names |
		some profiles in profiles_by_membership
		names := {tool: name |
			some tool, p in profiles
			name := profile_name(tool, p)
			cells_by_profile[name]
		}
	],
	"profiles": cells_by_profile,
}
