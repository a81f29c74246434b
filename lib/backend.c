// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The list of back ends. A new one is a file, and two lines here. */
#include "backend.h"

extern const struct backend backend_pci;
#ifndef BARIO_FREEBSD
extern const struct backend backend_sysfs;
#endif
extern const struct backend backend_sim;

const struct backend *const backends[] = {
	&backend_pci,
#ifndef BARIO_FREEBSD
	&backend_sysfs,
#endif
	&backend_sim,
	NULL
};

const struct backend *backend_named(const char *text, size_t len)
{
	const struct backend *const *at;

	for (at = backends; *at; at++)
		if (strlen((*at)->name) == len && !strncmp((*at)->name, text, len))
			break;
	return *at;
}

const struct backend *backend_best(void)
{
	const struct backend *const *at;

	for (at = backends; *at; at++)
		if ((*at)->present())
			return *at;
	return backends[0];
}

const struct backend *backend_of_fd(int fd)
{
	const struct backend *const *at;

	for (at = backends; *at; at++)
		if ((*at)->owns_fd(fd))
			return *at;
	return backends[0];
}
