package netzraum.authz

# Every gate answers with the kinds of action that it lets through, each on its own. What all gates let through is allowed;
# a kind that a gate keeps back is refused with the gate's name as the reason.

# Only the kinds that the question is about; the fewer, the faster.
kinds := {kind: data.netzraum.actions.kinds[kind] | some kind in kinds_asked_about}

kinds_asked_about contains kind if some kind in type.verbs

kinds_asked_about contains kind if {
	input.tools
	some listed in types_asked
	some verb in verbs_of(listed)
	kind := listed.verbs[verb]
}

all_kinds := {kind | some kind, _ in kinds}

reading_kinds := {kind | some kind, rule in kinds; rule.reads}

visitor_kinds := {kind | some kind, rule in kinds; rule.visitor}

operator_kinds := {kind | some kind, rule in kinds; rule.operator}

# METADATA
# title: Kinds that are the operator's alone, by whose thing it is
operators_alone(whose) := {kind | some kind, rule in kinds; rule.operator; not rule[whose]}

all_if(passes) := all_kinds if passes

all_if(passes) := set() if not passes

whose(true) := "own"

whose(false) := "others"

# METADATA
# title: What the subject and its way in let through, whatever the resource
asking_gates(asking) := {"scope_too_narrow": scope_gate(asking)}

scope_gate(asking) := set() if {
	not reads_here(asking)
} else := all_kinds if {
	"write" in asking.scopes
} else := reading_kinds

default reads_here(_) := false

reads_here(asking) if {
	some scope in data.netzraum.actions.channels[asking.channel]
	scope in asking.scopes
}

# METADATA
# title: What a classification lets through, whatever the type
class_gates(asking, profile, class, own) := {
	"clearance_too_low": clearance_gate(profile.clearance, class, own),
	"not_a_member": member_gate(profile, class),
	"no_public_page": anonymous_gate(asking),
	"second_factor_needed": second_factor_gate(asking, class),
	"channel_closed": channel_gate(asking, class, own),
	"access_data_too_old": age_gate(asking, class),
	"level_too_low_for_public": opening_gate(profile.level, class),
}

# METADATA
# title: The role's clearance reaches the classification; one's own things stay readable
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 32; BSI ORP.4 (need to know)
clearance_gate(clearance, class, own) := all_kinds if {
	class_rank(class) <= class_rank(clearance)
} else := reading_kinds if {
	own
} else := set()

# METADATA
# title: Members only, but for what is open to all
# custom:
#   basis: GDPR Art. 5 (1) (f)
member_gate(profile, class) := all_kinds if {
	profile.member
} else := visitor_kinds if {
	data.netzraum.classifications[class].open
} else := set()

# METADATA
# title: Anonymous readers only where the space offers a public page
# custom:
#   basis: GDPR Art. 25 (2)
anonymous_gate(asking) := all_kinds if {
	not asking.anonymous
} else := all_if(asking.public_page)

# METADATA
# title: A log-in with a second factor where the classification asks for one
# custom:
#   basis: GDPR Art. 32 (1) (b)
second_factor_gate(asking, class) := all_kinds if {
	asking.second_factor
} else := all_kinds if {
	not data.netzraum.classifications[class].second_factor
} else := set()

# METADATA
# title: The way on which it goes out is open for the classification
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 32 (1) (a)
channel_gate(asking, class, own) := all_kinds if {
	asking.channel in data.netzraum.classifications[class].channels
} else := all_kinds if {
	own
	asking.channel in data.netzraum.classifications[class].own_channels
} else := set()

# METADATA
# title: The access data are fresh enough for the classification
# custom:
#   basis: GDPR Art. 32 (1) (b)
age_gate(asking, class) := all_kinds if {
	asking.age <= data.netzraum.classifications[class].oldest_access_data_s
} else := set()

# METADATA
# title: What non-members read too is created by who could open it to them afterwards
# custom:
#   basis: GDPR Art. 5 (1) (f), Art. 25 (2)
opening_gate(level, class) := all_kinds - kept_from_opening(level) if {
	data.netzraum.classifications[class].open
} else := all_kinds

kept_from_opening(level) := {kind | some kind, rule in kinds; level_rank(level) < level_rank(rule.open)}

# METADATA
# title: What a level and a state let through, whatever the classification
state_gates(profile, own, state) := {
	"operator_needed": all_kinds - alone,
	"level_too_low": (reached | alone),
	"wrong_state": (state_gate(reached, whose(own), level, state) | (all_kinds - reached)),
	"wrong_kind_of_space": all_kinds - elsewhere_only(profile.space_kind),
} if {
	level := level_rank(profile.level)
	alone := operators_alone(whose(own))
	reached := level_gate(whose(own), level)
}

# METADATA
# title: The level reaches this kind of action in some state
level_gate(whose, level) := {kind |
	some kind, rule in kinds
	some lowest, _ in rule[whose]
	level_rank(lowest) <= level
}

# METADATA
# title: In this state, at this level; where the level does not reach at all, that is the reason and not the state
state_gate(reached, whose, level, state) := {kind |
	some kind in reached
	some lowest, states in kinds[kind][whose]
	state in states
	level_rank(lowest) <= level
}

# METADATA
# title: Some things are done in some kinds of space only
elsewhere_only(space_kind) := {kind | some kind, rule in kinds; rule.spaces; not space_kind in rule.spaces}

# METADATA
# title: Where an item names roles, these and its author only
# custom:
#   basis: GDPR Art. 5 (1) (c) (data minimisation)
named_gates(own, named) := {"not_named": named_gate(own, named)}

named_gate(own, named) := all_kinds if {
	own
} else := all_kinds if {
	named in {"none", "mine"}
} else := set()

# METADATA
# title: The operator runs the platform and reads no content
# custom:
#   basis: GDPR Art. 28 (3), Art. 25 (processor on instruction)
operator_gates(state) := {
	"operator_reads_no_content": operator_kinds,
	"wrong_state": all_kinds - {kind | some kind in operator_kinds; not state in kinds[kind].operator},
}

# METADATA
# title: The kinds that every one of these gates lets through
passing(gates) := intersection({passed | some passed in gates})

# METADATA
# title: The gates that keep a kind back
failing(gates, kind) := {reason | some reason, passed in gates; not kind in passed}
