// SPDX-License-Identifier: GPL-2.0-or-later
// The words for scopes, types and roles.
#include "base/text.h"
#include "facts/facts.h"

static const struct {
	const char *name, *key_fact;
} scopes[] = {
	[SCOPE_HOST] = { "host", NULL },
	[SCOPE_DEVICE] = { "device", "addr" },
	[SCOPE_TARGET] = { "target", "addr" },
	[SCOPE_SET] = { "set", NULL },
	[SCOPE_GROUP] = { "group", "id" },
	[SCOPE_ADDRESS] = { "address", "addr" },
	[SCOPE_WORD] = { "word", "text" },
	[SCOPE_IVRS_WORD] = { "ivrs-word", "text" },
	[SCOPE_VFIO_ID] = { "vfio-id", "id" },
	[SCOPE_MESSAGE] = { "message", "text" },
};
_Static_assert(sizeof scopes / sizeof scopes[0] == N_SCOPES, "one row a scope");

static const char *const types[] = {
	[FACT_BOOL] = "bool",
	[FACT_INT] = "int",
	[FACT_TEXT] = "text",
	[FACT_LIST] = "list",
	[FACT_DEV] = "dev",
	[FACT_DEVS] = "devs",
};
_Static_assert(sizeof types / sizeof types[0] == FACT_DEVS + 1, "one word a type");

static const char *const roles[] = {
	[ROLE_BRIDGE] = "bridge",
	[ROLE_GUEST] = "guest",
	[ROLE_COMPANION] = "companion",
	[ROLE_CANDIDATE] = "candidate",
	[ROLE_HOST] = "host",
	[ROLE_OTHER] = "other",
};
_Static_assert(sizeof roles / sizeof roles[0] == ROLE_OTHER + 1, "one word a role");

const char *scope_name(enum scope s)
{
	return scopes[s].name;
}

bool scope_by_name(const char *name, enum scope *ret)
{
	for (size_t i = 0; i < N_SCOPES; i++) {
		if (text_equal(name, scopes[i].name)) {
			*ret = (enum scope)i;
			return true;
		}
	}
	return false;
}

const char *scope_key_fact(enum scope s)
{
	return scopes[s].key_fact;
}

const char *fact_type_name(enum fact_type t)
{
	return types[t];
}

const char *role_name(enum role r)
{
	return roles[r];
}
