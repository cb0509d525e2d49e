package netzraum.authz_test

# Roles, ceilings and classifications that the tests of the rules work with, so that these tests hold whatever the data files say.
# What the data files say is tested by the matrix.

items := ["notices", "records", "calendar", "files", "bookmarks", "wiki", "forum", "blog", "polls"]

everywhere(level, others) := object.union({tool: level | some tool in items}, others)

rights(levels, clearance) := {"levels": levels, "clearance": clearance}

graded(moderators, cleared) := {
	"coordinator": object.union(
		rights(everywhere("manage", {"members": "manage", "audit": "read"}), "personal"),
		{"must_remain": true},
	),
	"moderator": rights(everywhere("manage", {"members": moderators}), "confidential"),
	"member": rights(everywhere("contribute", {"notices": "read", "members": "read"}), cleared),
	"guest": rights(everywhere("read", {}), "internal"),
	"auditor": rights({"audit": "read", "policy": "read"}, "none"),
	"visitor": rights(everywhere("read", {}), "public"),
}

roles := {
	"network": graded("read", "internal"),
	"body": graded("read", "confidential"),
	"community": graded("manage", "internal"),
}

most(moderators, cleared) := {
	"coordinator": rights(everywhere("manage", {"members": "manage", "audit": "read"}), "personal"),
	"moderator": rights(everywhere("manage", {"members": moderators}), "personal"),
	"member": rights(everywhere("manage", {"notices": "contribute", "members": "read"}), cleared),
	"guest": rights(everywhere("contribute", {"notices": "read", "members": "read"}), "internal"),
	"auditor": rights({"audit": "read", "policy": "read"}, "none"),
}

ceilings := {
	"network": most("contribute", "confidential"),
	"body": most("contribute", "personal"),
	"community": most("manage", "confidential"),
}

class(rank, changes) := object.union(
	{
		"rank": rank,
		"open": false,
		"hide": ["not_a_member", "wrong_state", "not_named"],
		"second_factor": false,
		"channels": ["web", "api", "feed", "dav", "mail", "push", "export"],
		"own_channels": [],
		"moves": true,
		"oldest_access_data_s": 300,
		"obligations": {"read": [], "write": []},
	},
	changes,
)

guarded := {"hide": [
	"not_a_member",
	"operator_reads_no_content",
	"clearance_too_low",
	"level_too_low",
	"wrong_state",
	"not_named",
]}

classifications := {
	"public": class(0, {"open": true, "hide": ["wrong_state", "not_named"]}),
	"internal": class(1, {}),
	"confidential": class(2, object.union(guarded, {"channels": ["web", "api"]})),
	"personal": class(3, object.union(guarded, {
		"second_factor": true,
		"channels": ["web", "api"],
		"own_channels": ["export"],
		"moves": false,
		"oldest_access_data_s": 10,
		"obligations": {"read": ["audit_read", "no_snippet"], "write": ["needs_purpose", "needs_delete_on"]},
	})),
	"unclassified": class(-1, {"moves": false}),
}
