// SPDX-License-Identifier: GPL-2.0
/* Any bytes as vital product data: the same answer as the model's, twice. */
#include "fuzz.h"
#include "vpd_model.h"

#define SEED(text)	{ text, sizeof(text) - 1 }
const struct fuzz_seed fuzz_seeds[] = {
	SEED("\x82\x04\0Card"
	     "\x90\x12\0PN\3123SN\2AFRV\4\1\0\0\0"
	     "\x91\x0c\0YA\3tagRW\3\0\0\0\x78"),
	SEED("\x82\0\0\x90\3\0PN\0\x91\3\0RW\0\x78"),
	SEED("\x78"),
	SEED("\x90\3\0V0\0\x90\4\0V1\1x\x78\xff\xff"),
	{ NULL, 0 }
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model_vpd model;
	size_t need = 1, again = 2, had = 0;
	uint8_t *out;
	int ret;

	if (size > 65536 + 4)
		return 0;
	model_vpd(&model, data, size);
	ret = bario_vpd_list(data, size, NULL, 0, &need);
	must(ret == model.ret);
	must(need == model.need);

	out = malloc(need ? need : 1);
	must(out);
	must(bario_vpd_list(data, size, out, need, &again) == ret);
	must(again == need);
	must(memcmp(out, model.out, need) == 0);
	if (need) {
		out[0] ^= 0xff;
		must(bario_vpd_list(data, size, out, need - 1, &again) ==
		     -ENOMEM);
		must(again == need);
		must(out[0] != model.out[0]);
	}
	free(out);
	/* Read as far as it had to be, it tells as much. */
	while (bario_vpd_wanted(data, had) > had &&
	       bario_vpd_wanted(data, had) <= size)
		had += size - had < 4 ? size - had : 4;
	must(bario_vpd_list(data, had, NULL, 0, &again) == ret);
	must(again == need);
	return 0;
}
