# METADATA
# title: Decision logs hold ids and no words
# description: Names of roles are written by people and may say something about them; what no service ought to send is not logged either.
# scope: package
# custom:
#   basis: GDPR Art. 5 (1) (c) (data minimisation)
# schemas:
#   - input: {"type": "object"}
package system.log

known := {"subject", "action", "resource", "change", "context", "memberships", "tools", "verbs", "roles"}

# METADATA
# title: The role of the subject
mask contains "/input/subject/membership/role"

# METADATA
# title: The roles that an item names
mask contains "/input/resource/roles"

# METADATA
# title: The role in a target space
mask contains "/input/change/after/membership/role"

# METADATA
# title: The roles of each membership
mask contains path if {
	some at, _ in input.input.memberships
	path := sprintf("/input/memberships/%d/role", [at])
}

# METADATA
# title: The roles asked about
mask contains path if {
	some at, _ in input.input.roles
	path := sprintf("/input/roles/%d/role", [at])
}

# METADATA
# title: What nobody ought to send
mask contains path if {
	some key, _ in input.input
	not key in known
	path := sprintf("/input/%s", [key])
}
