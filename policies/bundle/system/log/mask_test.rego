package system.log.mask_test

import data.system.log

test_names_of_roles_are_not_logged if {
	found := log.mask with input as {"input": {"memberships": [{"role": "x"}, {"role": "y"}], "roles": [{"role": "z"}]}}
	{"/input/subject/membership/role", "/input/memberships/1/role", "/input/roles/0/role", "/input/resource/roles"} & found == {
		"/input/subject/membership/role",
		"/input/memberships/1/role",
		"/input/roles/0/role",
		"/input/resource/roles",
	}
}

test_what_nobody_ought_to_send_is_not_logged if {
	found := log.mask with input as {"input": {"action": "content.notice.read", "title": "Sitzung"}}
	"/input/title" in found
	not "/input/action" in found
}
