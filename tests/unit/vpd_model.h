/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What PCIOCLISTVPD answers, once more: written down as sentences about the
 * whole, with places in the data instead of pointers, and as slow as it likes.
 */
#ifndef BARIO_VPD_MODEL_H
#define BARIO_VPD_MODEL_H

#include "core.h"

/* Data has 64 KiB and a bit here; an element has a byte more than its source. */
#define MODEL_MAX	(2 * 70000)

struct model_vpd {
	int	ret;
	size_t	need;
	uint8_t	out[MODEL_MAX];
};

static inline void model_add(struct model_vpd *model, int first, int second,
			     int flags, const uint8_t *vpd, size_t from,
			     size_t count)
{
	const uint8_t header[] = {
		first, second, flags, count < 256 ? count : 255,
	};
	size_t i;

	for (i = 0; i < 4; i++)
		model->out[model->need++] = header[i];
	for (i = 0; i < header[3]; i++)
		model->out[model->need++] = vpd[from + i];
}

static inline void model_vpd(struct model_vpd *model, const uint8_t *vpd,
			     size_t len)
{
	size_t tag = 0;

	model->ret = -ENXIO;
	model->need = 0;
	while (tag < len) {
		size_t data, end, key;

		if (vpd[tag] == 0x78) {
			model->ret = 0;
			return;
		}
		data = tag + 3;
		if (data > len)
			break;
		end = data + vpd[tag + 1] + 256 * vpd[tag + 2];
		if (end > len)
			break;
		if (vpd[tag] == 0x82) {
			model_add(model, 0, 0, 1, vpd, data, end - data);
		} else if (vpd[tag] == 0x90 || vpd[tag] == 0x91) {
			for (key = data; key + 3 <= end &&
			     key + 3 + vpd[key + 2] <= end;
			     key += 3 + vpd[key + 2])
				model_add(model, vpd[key], vpd[key + 1],
					  vpd[tag] == 0x91 ? 2 : 0, vpd,
					  key + 3, vpd[key + 2]);
			if (key != end)
				break;
		} else {
			break;
		}
		tag = end;
	}
	model->need = 0;
}

#endif /* BARIO_VPD_MODEL_H */
