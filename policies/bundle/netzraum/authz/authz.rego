# METADATA
# title: Netzraum's policy
# description: The three questions that a service may ask. What they answer is found in the files beside this one.
# scope: package
package netzraum.authz

# METADATA
# title: May the subject do this with this resource, and what else
# entrypoint: true
default decision := {"allow": false, "hide": true, "reasons": ["incomplete_input"], "obligations": [], "actions": []}

decision := decided

# METADATA
# title: What the subject sees in its spaces, tool by tool
# entrypoint: true
visibility := seen

# METADATA
# title: Which roles of a space see this resource, and why not
# entrypoint: true
default audience := {"second_factor_needed": false, "roles": []}

audience := addressed
