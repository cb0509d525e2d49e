package netzraum.authz

# METADATA
# title: The rank of a level; what is unknown ranks as none
default level_rank(_) := 0

level_rank(level) := data.netzraum.actions.levels[level]

# What the data files say about one role; only that is read, not the whole file.
default highest_level(_, _, _) := "none"

highest_level(space_kind, base, tool) := data.netzraum.ceilings[space_kind][base].levels[tool]

default highest_clearance(_, _) := "none"

highest_clearance(space_kind, base) := data.netzraum.ceilings[space_kind][base].clearance

default built_in_level(_, _, _) := "none"

built_in_level(space_kind, base, tool) := data.netzraum.roles[space_kind][base].levels[tool]

default built_in_clearance(_, _) := "none"

built_in_clearance(space_kind, base) := data.netzraum.roles[space_kind][base].clearance

# METADATA
# title: The rank of a classification or clearance; what is unknown sees nothing
default class_rank(_) := -1

class_rank(class) := data.netzraum.classifications[class].rank

# METADATA
# title: The level that a role has for a tool
# description: The lower of the ceiling and what the space has set, or of the built-in role where it has set nothing.
# custom:
#   basis: GDPR Art. 25 (2), Art. 32; BSI ORP.4 (least privilege)
role_level(space_kind, base, levels, tool) := lower_level(most, wanted) if {
	most := highest_level(space_kind, base, tool)
	wanted := object.get(levels, tool, built_in_level(space_kind, base, tool))
}

# METADATA
# title: The highest classification that a role may see
# description: The lower of the ceiling and what the space has set, or of the built-in role where it has set nothing.
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 32; BSI ORP.4 (need to know)
role_clearance(space_kind, base, clearance) := lower_class(most, wanted) if {
	most := highest_clearance(space_kind, base)
	wanted := wanted_clearance(space_kind, base, clearance)
}

wanted_clearance(space_kind, base, null) := built_in_clearance(space_kind, base)

wanted_clearance(_, _, clearance) := clearance if clearance != null

lower_level(a, b) := a if {
	level_rank(a) <= level_rank(b)
} else := b

lower_class(a, b) := a if {
	class_rank(a) <= class_rank(b)
} else := b

# METADATA
# title: A membership counts from its first moment until its last
# custom:
#   basis: GDPR Art. 32; BSI ORP.4.A2 (rights are taken back)
running(membership, now) if {
	is_object(membership)
	begun(object.get(membership, "from", null), now)
	ends_after(object.get(membership, "until", null), now)
}

begun(from, _) if from == null

begun(from, now) if from <= now

ends_after(until, _) if until == null

ends_after(until, now) if until > now

# METADATA
# title: What a running membership gives in one tool
membership_profile(membership, space_kind, tool) := {
	"member": true,
	"space_kind": space_kind,
	"level": role_level(space_kind, membership.base, object.get(membership, ["overrides", "levels"], {}), tool),
	"clearance": role_clearance(space_kind, membership.base, object.get(membership, ["overrides", "clearance"], null)),
}

# METADATA
# title: What one has in a space without being a member
visitor_profile(space_kind, tool) := {
	"member": false,
	"space_kind": space_kind,
	"level": built_in_level(space_kind, "visitor", tool),
	"clearance": built_in_clearance(space_kind, "visitor"),
}

# METADATA
# title: What the subject has in one tool of a space, as a member or without being one
profile(membership, space_kind, tool, now) := membership_profile(membership, space_kind, tool) if {
	running(membership, now)
} else := visitor_profile(space_kind, tool)
