// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario wait: until a register is as it should be, or time is over. */
#include <string.h>
#include "map.h"

int run_wait(int argc, char **argv)
{
	struct bario_op step = { .op = BARIO_OP_POLL };
	struct wanted wanted;
	struct options opt;
	struct place place;
	struct bario *dev;
	struct map *map;
	char **args, *equals;
	const char *why;
	int error;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP, 3, 3, &opt);
	equals = strchr(args[1], '=');
	if (!equals)
		usage("'%s' is no PLACE=VALUE, as 0+0x40.4=1", args[1]);
	*equals = '\0';
	if (!parse_time(args[2], &step.timeout, &why))
		usage("%s", why);
	dev = device_or_die(args[0], 0);
	map = map_for(dev, opt.map);
	place = place_or_die(args[1], true, map);
	if (place.space == BARIO_SPACE_CONFIG)
		usage("a wait is for a register of a BAR");
	if (!place_allows(&place, args[1], REG_READ, &why) ||
	    !parse_wanted(equals + 1, &place, &wanted, &why))
		usage("%s", why);
	step.bar = place.space;
	step.width = place.width;
	step.offset = place.offset;
	step.value = wanted.value;
	step.mask = wanted.mask;
	error = bario_run(dev, &step, 1, 0, NULL, 0);
	if (!error && opt.json)
		put_json(json_value(dev, args[1], &place, step.result));
	else if (!error)
		show_value(args[1], &place, step.result);
	map_free(map);
	bario_close(dev);
	return error ? failed() : 0;
}
