// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario write: one access for each register that was named. */
#include <stdlib.h>
#include <string.h>
#include "map.h"

struct write {
	struct place	place;
	struct wanted	wanted;
};

/* PLACE=VALUE[:MASK]; the argument is cut at the "=". */
static struct write write_or_die(char *text, const struct map *map,
				 const struct map *config)
{
	char *equals = strchr(text, '=');
	struct write write;
	const char *why;
	uint64_t w1c;

	if (!equals)
		usage("'%s' is no PLACE=VALUE, as 0+0x40.4=1", text);
	*equals = '\0';
	write.place = place_or_die(text, true, map);
	w1c = map_w1c(map, &write.place, NULL) |
		map_w1c(config, &write.place, NULL);
	if (!parse_write(equals + 1, text, &write.place, w1c, &write.wanted,
			 &why))
		usage("%s", why);
	return write;
}

int run_write(int argc, char **argv)
{
	struct map *map, *config_map;
	struct write *writes;
	bool config = false;
	struct options opt;
	struct bario *dev;
	int i, count, status = 0;
	char **args;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP, 2, -1, &opt);
	count = argc - (args - argv) - 1;
	dev = device_or_die(args[0], 0);
	map = map_for(dev, opt.map);
	config_map = map_config(dev);
	/* All are looked at before the first is written. */
	writes = memory_or_die(count, sizeof(*writes));
	for (i = 0; i < count; i++) {
		writes[i] = write_or_die(args[1 + i], map, config_map);
		config |= writes[i].place.space == BARIO_SPACE_CONFIG;
	}
	if (config) {
		bario_close(dev);
		dev = device_or_die(args[0], BARIO_OPEN_CONFIG);
	}
	for (i = 0; i < count && count > 1; i++)
		access_or_die(dev, &writes[i].place, &writes[i].wanted);
	for (i = 0; i < count && !status; i++)
		if (write_wanted(dev, &writes[i].place,
				 &writes[i].wanted))
			status = failed();
	free(writes);
	map_free(map);
	map_free(config_map);
	bario_close(dev);
	return status;
}
