package netzraum.authz

# What is asked: <service>.<type>.<verb>, with a type that the service owns and a resource of that type.
type_name := input.resource.type

type := data.netzraum.actions.types[type_name]

asked_verb := verb if {
	[service, name, verb] := split(input.action, ".")
	service == type.service
	name == type_name
}

asked_kind := type.verbs[asked_verb]

reading_kind := type.verbs.read

# METADATA
# title: Who asks, and on which way
asking := {
	"anonymous": object.get(input.subject, "account", null) == null,
	"second_factor": input.subject.second_factor,
	"scopes": input.subject.scopes,
	"channel": input.context.channel,
	"age": input.context.access_age_s,
	"public_page": object.get(input, ["resource", "public_page"], false),
}

# METADATA
# title: The classification that counts; what is no item has none
class := input.resource.classification if classified

class := "unclassified" if not classified

classified if object.get(type, "classified", true)

unknown_class if not data.netzraum.classifications[class]

unknown_class if {
	classified
	class == "unclassified"
}

# METADATA
# title: What the subject has where the resource lies
own_profile := {"member": true, "space_kind": "", "level": "none", "clearance": "none"} if {
	type.place == "platform"
} else := profile(input.subject.membership, object.get(input.resource, "space_kind", ""), type.tool, input.context.now)

# METADATA
# title: One's own things stay one's own while one is a member
# custom:
#   basis: GDPR Art. 32; BSI ORP.4.A2 (rights are taken back)
own := input.resource.own if {
	own_profile.member
} else := false if {
	is_boolean(input.resource.own)
}

# METADATA
# title: How the item names roles; what is no item names none
named := input.resource.named if classified

named := "none" if not classified

# METADATA
# title: Every gate that this resource has for this subject
gates := object.union(asking_gates(asking), operator_gates(input.resource.state)) if {
	input.subject.operator
} else := object.union_n([
	asking_gates(asking),
	way_gates(asking, own_profile, class),
	reader_gates(asking, own_profile, class, own),
	state_gates(own_profile, own, input.resource.state),
	named_gates(own, named),
]) if {
	input.subject.operator == false
}

passing_here := passing(gates)

# METADATA
# title: What else the subject may do with this resource
allowed_verbs := {verb | some verb, kind in type.verbs; kind in passing_here}

# METADATA
# title: Why not, by the gates and by what would change
reasons := kept_back | change_reasons if {
	change_counts
} else := kept_back

kept_back := set() if {
	asked_kind in passing_here
} else := failing(gates, asked_kind)

# METADATA
# title: Not found instead of not allowed, where the subject may not even know that it is there
# custom:
#   basis: GDPR Art. 5 (1) (f)
default hidden := false

hidden if {
	input.resource.state != "new"
	some reason in failing(gates, reading_kind)
	reason in data.netzraum.classifications[class].hide
}

hidden if {
	input.resource.state == "new"
	"not_a_member" in failing(gates, reading_kind)
}

# METADATA
# title: What the service owes for an action
# custom:
#   basis: GDPR Art. 5 (1) (b) and (e), Art. 5 (2) (purpose, storage limitation, accountability)
owed(kind, given) := array.concat(object.get(kinds[kind], "obligations", []), by_class) if {
	owing := data.netzraum.classifications[given].obligations
	by_class := array.concat(
		[duty | kinds[kind].reads; some duty in owing.read],
		[duty | kinds[kind].writes; some duty in owing.write],
	)
}

refused(reason) := {"allow": false, "hide": true, "reasons": [reason], "obligations": [], "actions": []}

# METADATA
# title: The answer
decided := refused("unknown_action") if {
	not asked_kind
} else := refused("unknown_classification") if {
	unknown_class
} else := {
	"allow": true,
	"hide": false,
	"reasons": [],
	"obligations": sort(owed(asked_kind, class_after)),
	"actions": sort(allowed_verbs),
} if {
	count(reasons) == 0
} else := object.union(ceiling_named, {
	"allow": false,
	"hide": hidden,
	"reasons": sort(reasons),
	"obligations": [],
	"actions": sort(allowed_verbs),
})
