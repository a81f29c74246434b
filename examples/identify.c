// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * identify DEVICE: says which device that is, by the IDs in its configuration space.
 * To read it changes nothing, and may be done while a driver has the device.
 *
 *	cc identify.c $(pkg-config --cflags --libs bario) -o identify
 *	./identify 0000:00:05.0
 */
#include <bario.h>
#include <stdint.h>
#include <stdio.h>

#define CONFIG_ID	0	/* vendor in the lower half, device in the upper */

/* The library knows what failed, on which device, and mostly what to do. */
static int failed(void)
{
	const struct bario_error *error = bario_last_error();

	fprintf(stderr, "identify: %s\n", error->message);
	if (error->hint[0])
		fprintf(stderr, "identify: %s\n", error->hint);
	return 1;
}

int main(int argc, char *argv[])
{
	struct bario *dev;
	uint32_t id;
	int status = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: identify DEVICE, as in: identify 0000:00:05.0\n");
		return 2;
	}
	if (bario_open(argv[1], 0, &dev))
		return failed();
	if (bario_config_read(dev, CONFIG_ID, 4, &id))
		status = failed();
	else
		printf("%s %04x:%04x\n", bario_name(dev), id & 0xffff, id >> 16);
	bario_close(dev);
	return status;
}
