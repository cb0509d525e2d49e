package netzraum.authz

# What is granted, moved or reclassified is decided for before and after.

change := object.get(input, "change", null)

default after := null

after := input.change.after

default before := null

before := input.change.before

default gains := 0

gains := input.change.gains

asks_for_change if asked_verb in {"raise", "lower", "make_public", "move"}

asks_for_change if kinds[asked_kind].weighed

# Where none of these holds there is no before and after, and no need to look for it: so it is with nearly every question.
change_counts if change != null

change_counts if asks_for_change

change_counts if asked_kind == "appoint"

change_reasons contains "change_missing" if {
	asks_for_change
	not is_object(change)
}

# METADATA
# title: The classification that the item would have
class_after := object.get(after, "classification", class) if {
	is_object(after)
	classified
} else := class

reclassifies if asked_verb in {"raise", "lower", "make_public"}

change_reasons contains "unknown_classification" if {
	reclassifies
	is_object(after)
	not data.netzraum.classifications[class_after]
}

# METADATA
# title: A classification changes only by the action that is there for it
# custom:
#   basis: GDPR Art. 5 (2) (accountability)
change_reasons contains "other_action_needed" if {
	not reclassifies
	class_after != class
}

change_reasons contains "other_action_needed" if {
	asked_verb == "lower"
	class_after != class
	data.netzraum.classifications[class_after].open
}

# METADATA
# title: Raising goes up, and nobody raises above their own clearance
change_reasons contains "nothing_raised" if {
	asked_verb == "raise"
	class_rank(class_after) <= class_rank(class)
}

change_reasons contains reason if {
	asked_verb == "raise"
	data.netzraum.classifications[class_after]
	class_gates := object.union(way_gates(asking, own_profile, class_after), reader_gates(asking, own_profile, class_after, own))
	some reason in failing(class_gates, asked_kind)
}

# METADATA
# title: Lowering goes down, or lets more people see it in the same classification
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 5 (2)
change_reasons contains "nothing_lowered" if {
	asked_verb == "lower"
	class_rank(class_after) >= class_rank(class)
	not widens_in_class
}

widens_in_class if {
	class_after == class
	gains > 0
}

change_reasons contains "not_public" if {
	asked_verb == "make_public"
	not data.netzraum.classifications[class_after].open
}

change_reasons contains "nothing_lowered" if {
	asked_verb == "make_public"
	class_after == class
}

# METADATA
# title: Who sees it grows by lowering alone
# custom:
#   basis: GDPR Art. 5 (1) (f)
change_reasons contains "would_widen" if {
	not asked_verb in {"lower", "make_public"}
	gains > 0
}

# METADATA
# title: A move to another space needs the right to create there, and some classifications never move
# custom:
#   basis: GDPR Art. 5 (1) (b) (purpose limitation)
elsewhere if {
	asked_verb == "move"
	after.space != input.resource.space
}

change_reasons contains "never_moves" if {
	elsewhere
	data.netzraum.classifications[class].moves == false
}

change_reasons contains "target_denied" if {
	elsewhere
	not "create" in passing(target_gates)
}

target_gates := object.union_n([
	way_gates(asking, target_profile, class),
	reader_gates(asking, target_profile, class, true),
	state_gates(target_profile, true, "new"),
])

target_profile := profile(object.get(after, "membership", null), after.space_kind, type.tool, input.context.now)

# METADATA
# title: Roles are weighed where they are granted, changed or taken away
weighed_roles := {role | some role in [before, after]; is_object(role)} if kinds[asked_kind].weighed

space_kind := input.resource.space_kind

# The role of the subject, in the shape in which `change` names roles.
own_role := {
	"base": input.subject.membership.base,
	"levels": object.get(input.subject.membership, ["overrides", "levels"], {}),
	"clearance": object.get(input.subject.membership, ["overrides", "clearance"], null),
}

level_in(role, tool) := role_level(space_kind, role.base, object.get(role, "levels", {}), tool)

clearance_of(role) := role_clearance(space_kind, role.base, object.get(role, "clearance", null))

ceiling_of(role) := data.netzraum.ceilings[space_kind][role.base]

change_reasons contains "unknown_role" if {
	some role in weighed_roles
	not ceiling_of(role)
}

# METADATA
# title: No one grants more than they have, nor takes away what they have not
# custom:
#   basis: GDPR Art. 25 (2); BSI ORP.4 (least privilege)
change_reasons contains "more_than_own" if {
	not stands_above
	some role in weighed_roles
	exceeds_own(role)
}

stands_above if input.subject.operator

stands_above if {
	asked_kind == "leave"
	own
}

exceeds_own(role) if {
	some tool, _ in ceiling_of(role).levels
	not tool in data.netzraum.actions.not_weighed
	level_rank(level_in(role, tool)) > level_rank(level_in(own_role, tool))
}

exceeds_own(role) if class_rank(clearance_of(role)) > class_rank(clearance_of(own_role))

# METADATA
# title: No role goes beyond the ceiling of its base
# custom:
#   basis: GDPR Art. 25 (2); BSI ORP.4 (least privilege)
change_reasons contains "ceiling_exceeded" if beyond_ceiling

beyond_ceiling if {
	defines_role
	some tool, level in object.get(after, "levels", {})
	level_rank(level) > level_rank(object.get(ceiling_of(after).levels, tool, "none"))
}

beyond_ceiling if {
	defines_role
	class_rank(object.get(after, "clearance", null)) > class_rank(ceiling_of(after).clearance)
}

defines_role if {
	type_name == "role"
	asked_verb == "update"
	is_object(after)
}

default ceiling_named := {}

ceiling_named := {"ceiling": {"levels": ceiling_of(after).levels, "clearance": ceiling_of(after).clearance}} if beyond_ceiling

# METADATA
# title: Someone coordinates every space
# custom:
#   basis: GDPR Art. 32 (1) (b) (availability)
change_reasons contains "last_coordinator" if {
	coordinates(before)
	not coordinates(after)
	object.get(change, "remaining_coordinators", 0) == 0
}

coordinates(role) if {
	is_object(role)
	data.netzraum.roles[space_kind][role.base].must_remain
	level_in(role, "members") == "manage"
}

# METADATA
# title: The operator appoints a coordinator only where there is none
change_reasons contains "coordinator_there" if {
	asked_kind == "appoint"
	object.get(change, "remaining_coordinators", 0) > 0
}

change_reasons contains "not_a_coordinator" if {
	asked_kind == "appoint"
	not coordinates(after)
}
