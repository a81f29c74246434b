// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario wait: poll a register until it has a value, or the time is over. */
#include <string.h>
#include "tool.h"

/* The library knows the register by its place alone. */
static int failed_wait(const struct bario *dev, const struct bario_place *place,
		       const char *name, const char *value, const char *time,
		       uint64_t result)
{
	const struct bario_error *error = bario_last_error();

	if (!place->reg)
		return failed();
	if (error->cause != BARIO_CAUSE_TIMEOUT)
		return failed_as(error->cause, error->code, error->hint,
				 "%s: %s", name, error->message);
	if (place->field)
		bario_regmap_decode(place->field, result, &result);
	return failed_as(error->cause, error->code, error->hint,
			 "%s %s: timed out waiting for %s after %s: it is 0x%llx",
			 bario_name(dev), name, value, time,
			 (unsigned long long)result);
}

int run_wait(int argc, char **argv)
{
	struct bario_op op = { .op = BARIO_OP_POLL };
	struct wanted wanted;
	struct options opt;
	struct bario_place place;
	struct bario *dev;
	struct bario_regmap *map;
	char **args, *equals;
	const char *why;
	int status = 0;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP, 3, 3, &opt);
	equals = strchr(args[1], '=');
	if (!equals)
		usage("'%s' is not PLACE=VALUE, as 0+0x40.4=1", args[1]);
	*equals = '\0';
	if (!parse_time(args[2], &op.timeout, &why))
		usage("%s", why);
	dev = device_or_die(args[0], 0);
	map = regmap_or_die(dev, opt.map, 0);
	place = place_or_die(dev, map, args[1], 0, BARIO_REG_READ);
	if (place.space == BARIO_SPACE_CONFIG)
		usage("a wait is for a register of a BAR");
	wanted = wanted_or_die(&place, equals + 1, 0);
	op.bar = place.space;
	op.width = place.width;
	op.offset = place.offset;
	op.value = wanted.value;
	op.mask = wanted.mask;
	if (bario_run(dev, &op, 1, 0, NULL, 0))
		status = failed_wait(dev, &place, args[1], equals + 1, args[2],
				     op.result);
	else if (opt.json)
		put_json(json_value(dev, args[1], &place, op.result));
	else
		show_value(args[1], &place, op.result);
	bario_regmap_close(map);
	bario_close(dev);
	return status;
}
