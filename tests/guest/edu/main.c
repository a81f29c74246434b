// SPDX-License-Identifier: GPL-2.0
/*
 * edu DEVICE: drives it. Without DEVICE: the model of it, of which all accesses are
 * printed, in the words of the module's tracepoints.
 */
#include <stdio.h>
#include <stdlib.h>
#include "edu.h"

#define ACCESSES	4096

static int print_record(struct bario *dev)
{
	struct bario_access *all = calloc(ACCESSES, sizeof(*all));
	size_t count = 0, i;

	if (!all || bario_sim_record(dev, all, ACCESSES, &count) ||
	    count > ACCESSES)
		return 1;
	for (i = 0; i < count; i++) {
		printf(all[i].write ? "write " : "read ");
		if (all[i].space == BARIO_SPACE_CONFIG)
			printf("config");
		else
			printf("bar%d", all[i].space);
		printf("+0x%llx.%d value=0x%llx result=0\n",
		       (unsigned long long)all[i].offset, all[i].width,
		       (unsigned long long)all[i].value);
	}
	free(all);
	return 0;
}

int main(int argc, char **argv)
{
	struct bario *dev = NULL;
	int status = 0;

	if (argc == 2)
		bario_open(argv[1], 0, &dev);
	else
		dev = edu_open_model();
	if (!dev || edu_drive(dev)) {
		fprintf(stderr, "edu: %s\n", bario_last_error()->message);
		status = 1;
	} else if (argc < 2) {
		status = print_record(dev);
	}
	bario_close(dev);
	return status;
}
