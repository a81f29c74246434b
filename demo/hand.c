// SPDX-License-Identifier: GPL-2.0
/*
 * hand NODE DOMAIN:BUS:DEV.FUNC BAR OFFSET LENGTH SECONDS COMMAND [ARGUMENT]...
 *
 * Derives from NODE a file that may read LENGTH bytes from OFFSET of one BAR
 * and nothing else, runs a command with it as standard input, and revokes it
 * after that many seconds. Exits with the command's status.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "barioc.h"

static struct barioc_rule parse_rule(char *argv[])
{
	unsigned int domain, bus, dev, func;

	if (sscanf(argv[0], "%x:%x:%x.%x", &domain, &bus, &dev, &func) != 4)
		errx(2, "%s: not DOMAIN:BUS:DEV.FUNC", argv[0]);
	return (struct barioc_rule) {
		.domain = domain, .bus = bus, .dev = dev, .func = func,
		.space = strtoul(argv[1], NULL, 0),
		.rights = BARIOC_RIGHT_READ,
		.offset = strtoull(argv[2], NULL, 0),
		.length = strtoull(argv[3], NULL, 0),
	};
}

int main(int argc, char *argv[])
{
	struct barioc_derive derive = { .count = 1 };
	struct barioc_revoke revoke = { 0 };
	struct barioc_rule rule;
	int node, status;
	pid_t pid;

	if (argc < 8)
		errx(2, "usage: hand NODE DOMAIN:BUS:DEV.FUNC BAR OFFSET LENGTH SECONDS COMMAND...");
	rule = parse_rule(argv + 2);
	node = open(argv[1], O_RDWR | O_CLOEXEC);
	if (node < 0)
		err(1, "%s", argv[1]);
	derive.rules = (uintptr_t)&rule;
	if (ioctl(node, BARIOC_DERIVE, &derive))
		err(1, "%s: BARIOC_DERIVE for %s", argv[1], argv[2]);

	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		/* A copy without close-on-exec; the node itself is not passed. */
		if (dup2(derive.fd, STDIN_FILENO) < 0)
			err(125, "dup2");
		execvp(argv[7], argv + 7);
		err(125, "%s", argv[7]);
	}
	sleep(strtoul(argv[6], NULL, 0));
	revoke.id = derive.id;
	if (ioctl(node, BARIOC_REVOKE, &revoke))
		err(1, "%s: BARIOC_REVOKE", argv[1]);
	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
