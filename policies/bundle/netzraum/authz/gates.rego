package netzraum.authz

# Every gate answers with the kinds of action that it keeps back, each on its own: mostly none. What no gate keeps back is allowed;
# what a gate keeps back is refused with the gate's name as the reason. A gate that knows no reason to open ends in `all_kinds`.

# Only the kinds that the question is about; the fewer, the faster.
kinds := {kind: data.netzraum.actions.kinds[kind] | some kind in kinds_asked_about}

kinds_asked_about contains kind if some kind in type.verbs

kinds_asked_about contains kind if {
	input.tools
	some verbs in verbs_asked
	some kind in verbs
}

all_kinds := {kind | some kind, _ in kinds}

reading_kinds := {kind | some kind, rule in kinds; rule.reads}

visitor_kinds := {kind | some kind, rule in kinds; rule.visitor}

operator_kinds := {kind | some kind, rule in kinds; rule.operator}

# METADATA
# title: Kinds that are the operator's alone, by whose thing it is
operators_alone(whose) := {kind | some kind, rule in kinds; rule.operator; not rule[whose]}

none := set()

whose(true) := "own"

whose(false) := "others"

# METADATA
# title: What the subject and its way in keep back, whatever the resource
asking_gates(asking) := {"scope_too_narrow": scope_gate(asking)}

scope_gate(asking) := all_kinds if {
	not reads_here(asking)
} else := none if {
	"write" in asking.scopes
} else := all_kinds - reading_kinds

default reads_here(_) := false

reads_here(asking) if {
	some scope in data.netzraum.actions.channels[asking.channel]
	scope in asking.scopes
}

# METADATA
# title: What a classification keeps back, whatever the type and whoever's thing it is
way_gates(asking, profile, class_name) := {
	"not_a_member": member_gate(profile, class),
	"no_public_page": anonymous_gate(asking),
	"second_factor_needed": second_factor_gate(asking, class),
	"access_data_too_old": age_gate(asking, class),
	"level_too_low_for_public": opening_gate(profile.level, class),
} if {
	class := data.netzraum.classifications[class_name]
}

# METADATA
# title: What a classification keeps back, whatever the type, by whose thing it is
reader_gates(asking, profile, class_name, own) := {
	"clearance_too_low": clearance_gate(profile.clearance, class, own),
	"channel_closed": channel_gate(asking, class, own),
} if {
	class := data.netzraum.classifications[class_name]
}

# METADATA
# title: The role's clearance reaches the classification; one's own things stay readable
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 32; BSI ORP.4 (need to know)
clearance_gate(clearance, class, own) := none if {
	class.rank <= class_rank(clearance)
} else := all_kinds - reading_kinds if {
	own
} else := all_kinds

# METADATA
# title: Members only, but for what is open to all
# custom:
#   basis: GDPR Art. 5 (1) (f)
member_gate(profile, class) := none if {
	profile.member
} else := all_kinds - visitor_kinds if {
	class.open
} else := all_kinds

# METADATA
# title: Anonymous readers only where the space offers a public page
# custom:
#   basis: GDPR Art. 25 (2)
anonymous_gate(asking) := none if {
	not asking.anonymous
} else := none if {
	asking.public_page
} else := all_kinds

# METADATA
# title: A log-in with a second factor where the classification asks for one
# custom:
#   basis: GDPR Art. 32 (1) (b)
second_factor_gate(asking, class) := none if {
	asking.second_factor
} else := none if {
	not class.second_factor
} else := all_kinds

# METADATA
# title: The way on which it goes out is open for the classification
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 32 (1) (a)
channel_gate(asking, class, own) := none if {
	asking.channel in class.channels
} else := none if {
	own
	asking.channel in class.own_channels
} else := all_kinds

# METADATA
# title: The access data are fresh enough for the classification
# custom:
#   basis: GDPR Art. 32 (1) (b)
age_gate(asking, class) := none if {
	asking.age <= class.oldest_access_data_s
} else := all_kinds

# METADATA
# title: What non-members read too is created by who could open it to them afterwards
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 25 (2)
opening_gate(level, class) := {kind | some kind, rule in kinds; level_rank(level) < level_rank(rule.open)} if {
	class.open
} else := none

# METADATA
# title: What a level and a state keep back; where the level reaches in no state, that is the reason and not the state
state_gates(profile, own, state) := {
	"operator_needed": alone,
	"level_too_low": (all_kinds - in_some_state) - alone,
	"wrong_state": in_some_state - in_state(here, state),
	"wrong_kind_of_space": space_gate(profile.space_kind),
} if {
	alone := operators_alone(whose(own))
	here := reached(profile.level, own)
	in_some_state := {kind | some [kind, _] in here}
}

# METADATA
# title: The kinds of action that a level reaches, each with the states in which
reached(level, own) := {[kind, states] |
	some kind, rule in kinds
	some lowest, states in rule[side]
	level_rank(lowest) <= highest
} if {
	side := whose(own)
	highest := level_rank(level)
}

in_state(reached_kinds, state) := {kind | some [kind, states] in reached_kinds; state in states}

# METADATA
# title: Some things are done in some kinds of space only
space_gate(space_kind) := {kind | some kind, rule in kinds; rule.spaces; not space_kind in rule.spaces}

# METADATA
# title: Where an item names roles, these and its author only
# custom:
#   basis: GDPR Art. 5 (1) (c) (data minimisation)
named_gates(own, named) := {"not_named": named_gate(own, named)}

named_gate(own, named) := none if {
	own
} else := none if {
	named in {"none", "mine"}
} else := all_kinds

# METADATA
# title: The operator runs the platform and reads no content
# custom:
#   basis: GDPR Art. 28 (3), Art. 25 (processor on instruction)
operator_gates(state) := {
	"operator_reads_no_content": all_kinds - operator_kinds,
	"wrong_state": {kind | some kind in operator_kinds; not state in kinds[kind].operator},
}

# METADATA
# title: The kinds that none of these gates keeps back
passing(gates) := all_kinds - union({kept | some kept in gates})

# METADATA
# title: The gates that keep a kind back; all of them, where the kind is unknown
failing(gates, kind) := {reason | some reason, kept in gates; kind in kept} if {
	kind in all_kinds
} else := object.keys(gates)
