// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario write: one access for each register that was named. */
#include <stdlib.h>
#include <string.h>
#include "tool.h"

struct write {
	struct bario_place	place;
	struct wanted		wanted;
};

/* PLACE=VALUE[:MASK]; the argument is cut at the "=". */
static struct write write_or_die(struct bario *dev,
				 const struct bario_regmap *map, char *text)
{
	char *equals = strchr(text, '=');
	struct write write;

	if (!equals)
		usage("'%s' is not PLACE=VALUE, as 0+0x40.4=1", text);
	*equals = '\0';
	write.place = place_or_die(dev, map, text, 0, 0);
	write.wanted = wanted_or_die(&write.place, equals + 1,
				     BARIO_PLACE_WRITE);
	return write;
}

int run_write(int argc, char **argv)
{
	struct bario_regmap *map;
	struct write *writes;
	bool config = false;
	struct options opt;
	struct bario *dev;
	int i, count, status = 0;
	char **args;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP, 2, -1, &opt);
	count = argc - (args - argv) - 1;
	dev = device_or_die(args[0], 0);
	map = regmap_or_die(dev, opt.map, 0);
	/* All are looked at before the first is written. */
	writes = memory_or_die(count, sizeof(*writes));
	for (i = 0; i < count; i++) {
		writes[i] = write_or_die(dev, map, args[1 + i]);
		config |= writes[i].place.space == BARIO_SPACE_CONFIG;
	}
	if (config) {
		bario_close(dev);
		dev = device_or_die(args[0], BARIO_OPEN_CONFIG);
	}
	for (i = 0; i < count && count > 1; i++)
		access_or_die(dev, &writes[i].place, &writes[i].wanted);
	for (i = 0; i < count && !status; i++)
		if (bario_place_write(dev, &writes[i].place,
				      writes[i].wanted.value,
				      writes[i].wanted.mask))
			status = failed();
	free(writes);
	bario_regmap_close(map);
	bario_close(dev);
	return status;
}
