// SPDX-License-Identifier: GPL-2.0
/* core/vpd.c: vital product data into PCIOCLISTVPD's elements. */
#include "unit.h"
#include "vpd_model.h"

/*
 * As a network card has it: name, part number, engineering changes, serial
 * number, manufacture, vendor's own, checksum; asset tag and what is left to
 * write; the end, and the unused rest of the memory.
 */
static const uint8_t card[] = {
	0x82, 0x19, 0x00,
	'P', 'o', 'r', 't', 'a', 'l', ' ', '1', '0', '/', '2', '5', 'G', ' ',
	'A', 'd', 'a', 'p', 't', 'e', 'r', ' ', 'D', 'P', '2',
	0x90, 0x39, 0x00,
	'P', 'N', 0x08, 'P', 'A', '7', '1', '0', '-', '0', '2',
	'E', 'C', 0x04, 'A', '0', '0', '3',
	'S', 'N', 0x0c, 'A', '0', '3', '6', '9', 'F', '5', '0', '1', 'C', 'E',
	'8',
	'M', 'N', 0x04, '1', '0', '2', '8',
	'V', '0', 0x00,
	'Y', 'x', 0x02, 0x80, 0xff,
	'R', 'V', 0x06, 0x4f, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x91, 0x12, 0x00,
	'Y', 'A', 0x05, 'd', 'e', 's', 'k', '4',
	'R', 'W', 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x78,
	0xff, 0xff, 0xff, 0xff, 0xff,
};

/* Behind the end tag. */
#define CARD_END	(sizeof(card) - 5)

static const struct element {
	const char	*keyword;
	uint8_t		flags;
	uint8_t		len;
	const char	*data;
} card_elements[] = {
	{ "\0", PVE_FLAG_IDENT, 25, "Portal 10/25G Adapter DP2" },
	{ "PN", 0, 8, "PA710-02" },
	{ "EC", 0, 4, "A003" },
	{ "SN", 0, 12, "A0369F501CE8" },
	{ "MN", 0, 4, "1028" },
	{ "V0", 0, 0, "" },
	{ "Yx", 0, 2, "\x80\xff" },
	{ "RV", 0, 6, "\x4f\0\0\0\0" },
	{ "YA", PVE_FLAG_RW, 5, "desk4" },
	{ "RW", PVE_FLAG_RW, 7, "\0\0\0\0\0\0" },
};

#define CARD_NEED	(25 + 8 + 4 + 12 + 4 + 0 + 2 + 6 + 5 + 7 + 10 * 4)

/* A copy that ends where its memory ends, so that the sanitizer finds a read past it. */
static uint8_t *copied(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, data, len);
	return copy;
}

/* The elements of @vpd, in a buffer of exactly their size */
struct answer {
	int	ret;
	size_t	need;
	uint8_t	*out;
};

static struct answer ask(const uint8_t *vpd, size_t len)
{
	uint8_t *copy = copied(vpd, len);
	struct answer answer = { .need = 0xdead };
	size_t need = 0xdead;

	answer.ret = bario_vpd_list(copy, len, NULL, 0, &answer.need);
	answer.out = malloc(answer.need ? answer.need : 1);
	assert_non_null(answer.out);
	assert_int_equal(bario_vpd_list(copy, len, answer.out, answer.need,
					&need), answer.ret);
	assert_int_equal(need, answer.need);
	/* Whether they were counted with a buffer or without */
	need = 0xdead;
	assert_int_equal(bario_vpd_list(copy, len, NULL, SIZE_MAX, &need),
			 answer.ret);
	assert_int_equal(need, answer.need);
	free(copy);
	return answer;
}

static int ask_only(const uint8_t *vpd, size_t len)
{
	struct answer answer = ask(vpd, len);

	free(answer.out);
	if (answer.ret)
		assert_int_equal(answer.need, 0);
	return answer.ret;
}

/* What was read as far as it had to be, in words, tells as much as all of it. */
static void read_as_wanted(const uint8_t *vpd, size_t len)
{
	size_t had = 0, wanted, all, part;
	uint8_t *copy;
	int ret;

	while (copy = copied(vpd, had), wanted = bario_vpd_wanted(copy, had),
	       free(copy), wanted > had && wanted <= len)
		had += len - had < 4 ? len - had : 4;
	ret = bario_vpd_list(vpd, had, NULL, 0, &part);
	assert_int_equal(bario_vpd_list(vpd, len, NULL, 0, &all), ret);
	assert_int_equal(all, part);
	/* Nothing after the end tag's word was read. */
	if (had > 4)
		assert_true(bario_vpd_wanted(vpd, had - 4) > had - 4);
}

static void compare(const uint8_t *vpd, size_t len)
{
	static struct model_vpd model;
	struct answer answer = ask(vpd, len);

	model_vpd(&model, vpd, len);
	if (answer.ret != model.ret || answer.need != model.need ||
	    memcmp(answer.out, model.out, model.need))
		fail_msg("%zu bytes: %d and %zu, model %d and %zu", len,
			 answer.ret, answer.need, model.ret, model.need);
	free(answer.out);
	read_as_wanted(vpd, len);
}

static void wanted(void **state)
{
	static const struct {
		uint8_t	data[8];
		size_t	len, wanted;
	} of[] = {
		{ { 0 }, 0, 1 },
		{ { 0x78 }, 1, 1 },
		{ { 0x00 }, 1, 1 },
		{ { 0xff, 0xff, 0xff, 0xff }, 4, 1 },
		{ { 0x82 }, 1, 3 },
		{ { 0x82, 5 }, 2, 3 },
		{ { 0x82, 5, 0 }, 3, 9 },
		{ { 0x90, 0, 1, 'x' }, 4, 260 },
		{ { 0x91, 0, 0, 0x78 }, 4, 4 },
		{ { 0x82, 1, 0, 'x', 0x90 }, 5, 7 },
		{ { 0x82, 1, 0, 'x', 0x90, 0xff, 0xff }, 7, 65543 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(of); i++)
		assert_int_equal(bario_vpd_wanted(of[i].data, of[i].len),
				 of[i].wanted);
}

static void card_byte_by_byte(void **state)
{
	struct answer answer = ask(card, sizeof(card));
	size_t at = 0, i;

	(void)state;
	assert_int_equal(answer.ret, 0);
	assert_int_equal(answer.need, CARD_NEED);
	for (i = 0; i < COUNT(card_elements); i++) {
		const struct element *want = &card_elements[i];

		assert_int_equal(answer.out[at], (uint8_t)want->keyword[0]);
		assert_int_equal(answer.out[at + 1], (uint8_t)want->keyword[1]);
		assert_int_equal(answer.out[at + 2], want->flags);
		assert_int_equal(answer.out[at + 3], want->len);
		assert_memory_equal(answer.out + at + 4, want->data, want->len);
		at += 4 + want->len;
	}
	assert_int_equal(at, CARD_NEED);
	free(answer.out);
}

/* As a client walks it. */
static void card_by_pve_next(void **state)
{
	struct answer answer = ask(card, sizeof(card));
	struct pci_vpd_element *pve = (struct pci_vpd_element *)answer.out;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(card_elements); i++) {
		const struct element *want = &card_elements[i];

		assert_true((uint8_t *)pve < answer.out + answer.need);
		assert_memory_equal(pve->pve_keyword, want->keyword, 2);
		assert_int_equal(pve->pve_flags, want->flags);
		assert_int_equal(pve->pve_datalen, want->len);
		assert_memory_equal(pve->pve_data, want->data, want->len);
		pve = PVE_NEXT(pve);
	}
	assert_ptr_equal(pve, answer.out + answer.need);
	free(answer.out);
}

static void truncated(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(card); len++)
		assert_int_equal(ask_only(card, len),
				 len < CARD_END ? -ENXIO : 0);
	assert_int_equal(bario_vpd_list(NULL, 0, NULL, 0, &len), -ENXIO);
	assert_int_equal(len, 0);
}

/* Sizes at and around the one needed; the rest of the buffer stays as it was. */
static void buffer_sizes(void **state)
{
	uint8_t out[CARD_NEED + 8];
	size_t have, need, i;

	(void)state;
	for (have = 0; have <= sizeof(out); have++) {
		const bool fits = have >= CARD_NEED;

		memset(out, 0xee, sizeof(out));
		need = 0xdead;
		assert_int_equal(bario_vpd_list(card, sizeof(card), out, have,
						&need), fits ? 0 : -ENOMEM);
		assert_int_equal(need, CARD_NEED);
		for (i = fits ? CARD_NEED : 0; i < sizeof(out); i++)
			assert_int_equal(out[i], 0xee);
		if (fits)
			assert_memory_equal(out, "\0\0\1\x19Portal", 10);
	}
	assert_int_equal(bario_vpd_list(card, sizeof(card), out, SIZE_MAX,
					&need), 0);
}

static void nothing_written_on_error(void **state)
{
	uint8_t out[4 * sizeof(card)];
	size_t len, need, i;

	(void)state;
	memset(out, 0xee, sizeof(out));
	for (len = 0; len < CARD_END; len++) {
		need = 0xdead;
		assert_int_equal(bario_vpd_list(card, len, out, sizeof(out),
						&need), -ENXIO);
		assert_int_equal(need, 0);
	}
	for (i = 0; i < sizeof(out); i++)
		assert_int_equal(out[i], 0xee);
}

static void end_only(void **state)
{
	static const uint8_t end[] = { 0x78 };
	uint8_t out = 0xee;
	size_t need = 0xdead;

	(void)state;
	assert_int_equal(ask_only(end, 1), 0);
	assert_int_equal(bario_vpd_list(end, 1, &out, 0, &need), 0);
	assert_int_equal(need, 0);
	assert_int_equal(out, 0xee);
}

/* Each of these is wrong in one place; next to it, what is right there. */
static void malformed(void **state)
{
#define CASE(ret, ...) \
	{ ret, sizeof((uint8_t[]){ __VA_ARGS__ }), { __VA_ARGS__ } }
	static const struct {
		int	ret;
		size_t	len;
		uint8_t	data[16];
	} cases[] = {
		/* a resource's header and length */
		CASE(-ENXIO, 0x82),
		CASE(-ENXIO, 0x82, 0),
		CASE(-ENXIO, 0x82, 0, 0),
		CASE(0, 0x82, 0, 0, 0x78),
		CASE(-ENXIO, 0x82, 1, 0, 0x78),
		CASE(0, 0x82, 1, 0, 0x78, 0x78),
		CASE(-ENXIO, 0x82, 2, 0, 'a', 0x78),
		CASE(-ENXIO, 0x82, 3, 0, 'a', 0x78),
		CASE(-ENXIO, 0x82, 0, 1, 'a', 0x78),
		CASE(-ENXIO, 0x82, 0, 0x80, 'a', 0x78),
		CASE(-ENXIO, 0x82, 0xff, 0xff, 'a', 0x78),
		CASE(-ENXIO, 0x90, 1, 0, 0x78),
		CASE(-ENXIO, 0x91, 0xff, 0xff, 0x78),
		/* no end, or something else where it should be */
		CASE(-ENXIO, 0x82, 1, 0, 'a'),
		CASE(-ENXIO, 0x82, 1, 0, 'a', 0xff),
		CASE(-ENXIO, 0x82, 1, 0, 'a', 0x00, 0x00, 0x00, 0x78),
		CASE(-ENXIO, 0x90, 0, 0),
		CASE(0, 0x90, 0, 0, 0x78),
		CASE(0, 0x91, 0, 0, 0x78),
		/* unknown tags, alone and after good ones */
		CASE(-ENXIO, 0x00, 0, 0, 0x78),
		CASE(-ENXIO, 0xff, 0xff, 0xff, 0xff),
		CASE(-ENXIO, 0x02, 0, 0, 0x78),
		CASE(-ENXIO, 0x10, 0, 0, 0x78),
		CASE(-ENXIO, 0x92, 0, 0, 0x78),
		CASE(-ENXIO, 0x83, 0, 0, 0x78),
		CASE(-ENXIO, 0x80, 0, 0, 0x78),
		CASE(-ENXIO, 0xf8, 0, 0, 0x78),
		CASE(-ENXIO, 0x79, 0, 0, 0x78),
		CASE(-ENXIO, 0x82, 1, 0, 'a', 0x84, 0, 0, 0x78),
		/* a keyword's header and length */
		CASE(-ENXIO, 0x90, 1, 0, 'P', 0x78),
		CASE(-ENXIO, 0x90, 2, 0, 'P', 'N', 0x78),
		CASE(0, 0x90, 3, 0, 'P', 'N', 0, 0x78),
		CASE(-ENXIO, 0x90, 3, 0, 'P', 'N', 1, 0x78),
		CASE(-ENXIO, 0x90, 3, 0, 'P', 'N', 1, 'a', 0x78),
		CASE(0, 0x90, 4, 0, 'P', 'N', 1, 'a', 0x78),
		CASE(-ENXIO, 0x90, 4, 0, 'P', 'N', 2, 'a', 0x78),
		CASE(-ENXIO, 0x90, 4, 0, 'P', 'N', 0xff, 'a', 0x78),
		CASE(-ENXIO, 0x90, 4, 0, 'P', 'N', 0, 'a', 0x78),
		CASE(-ENXIO, 0x90, 5, 0, 'P', 'N', 0, 'a', 'b', 0x78),
		CASE(0, 0x90, 6, 0, 'P', 'N', 0, 'a', 'b', 0, 0x78),
		CASE(-ENXIO, 0x90, 6, 0, 'P', 'N', 0, 'a', 'b', 1, 0x78),
		CASE(-ENXIO, 0x91, 4, 0, 'R', 'W', 2, 'a', 0x78),
		CASE(-ENXIO, 0x91, 1, 0, 'R', 0x78),
		/* a keyword that ends where the next resource does */
		CASE(-ENXIO, 0x90, 3, 0, 'P', 'N', 3, 0x91, 0, 0, 0x78),
		/* the first is well formed, the second is not */
		CASE(-ENXIO, 0x90, 3, 0, 'P', 'N', 0,
		     0x91, 3, 0, 'R', 'W', 1, 0x78),
		/* after the end there may be anything, even a tag */
		CASE(0, 0x78, 0x82),
		CASE(0, 0x78, 0x90, 0xff, 0xff),
		CASE(0, 0x82, 0, 0, 0x78, 0x00),
	};
#undef CASE
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const int ret = ask_only(cases[i].data, cases[i].len);

		if (ret != cases[i].ret)
			fail_msg("case %zu: %d", i, ret);
		compare(cases[i].data, cases[i].len);
	}
}

/* Every tag there is: three are known, one is the end. */
static void tags(void **state)
{
	unsigned int tag;

	(void)state;
	for (tag = 0; tag < 256; tag++) {
		const uint8_t data[] = { tag, 0, 0, 0x78 };
		const bool good = tag == 0x82 || tag == 0x90 || tag == 0x91 ||
				  tag == 0x78;

		assert_int_equal(ask_only(data, sizeof(data)),
				 good ? 0 : -ENXIO);
	}
}

/* A keyword of every length that there is, as what can be read and written. */
static void keyword_sizes(void **state)
{
	unsigned int len, writable;

	(void)state;
	for (writable = 0; writable < 2; writable++)
		for (len = 0; len < 256; len++) {
			uint8_t data[3 + 3 + 255 + 1];
			struct answer answer;

			memset(data, 'x', sizeof(data));
			data[0] = 0x90 + writable;
			data[1] = (3 + len) & 0xff;
			data[2] = (3 + len) >> 8;
			data[3] = 'S';
			data[4] = 'N';
			data[5] = len;
			data[6 + len] = 0x78;
			answer = ask(data, 6 + len + 1);
			assert_int_equal(answer.ret, 0);
			assert_int_equal(answer.need, 4 + len);
			assert_memory_equal(answer.out, "SN", 2);
			assert_int_equal(answer.out[2], 2 * writable);
			assert_int_equal(answer.out[3], len);
			assert_memory_equal(answer.out + 4, data + 6, len);
			free(answer.out);
			compare(data, 6 + len + 1);
		}
}

/* An identifier may be longer than an element: then it is cut to 255 bytes. */
static void identifier_sizes(void **state)
{
	static const size_t lens[] = {
		0, 1, 2, 127, 128, 254, 255, 256, 257, 258, 510, 511, 512, 513,
		0x7fff, 0x8000, 0xff00, 0xfffe, 0xffff,
	};
	static uint8_t data[3 + 0xffff + 1];
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = 'a' + i % 26;
	for (i = 0; i < COUNT(lens); i++) {
		const size_t len = lens[i], cut = len < 255 ? len : 255;
		const uint8_t was = data[3 + len];
		struct answer answer;

		data[0] = 0x82;
		data[1] = len & 0xff;
		data[2] = len >> 8;
		data[3 + len] = 0x78;
		answer = ask(data, 3 + len + 1);
		assert_int_equal(answer.ret, 0);
		assert_int_equal(answer.need, 4 + cut);
		assert_memory_equal(answer.out, "\0\0\1", 3);
		assert_int_equal(answer.out[3], cut);
		for (n = 0; n < cut; n++)
			assert_int_equal(answer.out[4 + n], data[3 + n]);
		free(answer.out);
		/* one byte short */
		assert_int_equal(ask_only(data, 3 + len), -ENXIO);
		data[3 + len] = was;
	}
}

/* The elements come as the resources do, not sorted by kind. */
static void order(void **state)
{
	static const uint8_t data[] = {
		0x91, 4, 0, 'Y', 'A', 1, '1',
		0x82, 1, 0, '2',
		0x90, 7, 0, 'P', 'N', 1, '3', 'S', 'N', 0,
		0x82, 1, 0, '4',
		0x91, 3, 0, 'R', 'W', 0,
		0x78,
	};
	static const uint8_t want[] = {
		'Y', 'A', 2, 1, '1',
		0, 0, 1, 1, '2',
		'P', 'N', 0, 1, '3',
		'S', 'N', 0, 0,
		0, 0, 1, 1, '4',
		'R', 'W', 2, 0,
	};
	struct answer answer = ask(data, sizeof(data));

	(void)state;
	assert_int_equal(answer.ret, 0);
	assert_int_equal(answer.need, sizeof(want));
	assert_memory_equal(answer.out, want, sizeof(want));
	free(answer.out);
}

/* As much as a device can hold: 32 KiB of the smallest keywords. */
static void largest(void **state)
{
	static uint8_t data[0x8000];
	const size_t count = (sizeof(data) - 4) / 3;
	size_t len = 3 * count, i;
	struct answer answer;

	(void)state;
	data[0] = 0x90;
	data[1] = len & 0xff;
	data[2] = len >> 8;
	for (i = 0; i < count; i++)
		memcpy(data + 3 + 3 * i, "ZZ", 3);
	data[3 + len] = 0x78;
	answer = ask(data, sizeof(data));
	assert_int_equal(answer.ret, 0);
	assert_int_equal(answer.need, 4 * count);
	for (i = 0; i < count; i++)
		assert_memory_equal(answer.out + 4 * i, "ZZ\0", 4);
	free(answer.out);
}

/* The card with every byte at every value. */
static void one_byte_changed(void **state)
{
	uint8_t data[sizeof(card)];
	unsigned int value;
	size_t at;

	(void)state;
	for (at = 0; at < sizeof(card); at++)
		for (value = 0; value < 256; value++) {
			memcpy(data, card, sizeof(card));
			data[at] = value;
			compare(data, sizeof(data));
		}
}

static void random_bytes(void **state)
{
	uint64_t seed = 5;
	uint8_t data[64];
	unsigned int round;
	size_t i;

	(void)state;
	for (round = 0; round < 100000; round++) {
		const size_t len = rnd_below(&seed, sizeof(data) + 1);

		for (i = 0; i < len; i++)
			data[i] = rnd(&seed) >> 40;
		compare(data, len);
	}
}

/* A random list of resources; from every other one, something is spoilt. */
static size_t random_vpd(uint64_t *seed, uint8_t *data)
{
	static const uint8_t tags[] = { 0x82, 0x90, 0x91 };
	size_t len = 0, resource, i;
	uint32_t count = rnd_below(seed, 5);

	while (count--) {
		const uint8_t tag = tags[rnd_below(seed, 3)];

		resource = len;
		len += 3;
		if (tag == 0x82) {
			for (i = rnd_below(seed, 40); i; i--)
				data[len++] = rnd(seed) >> 40;
		} else {
			uint32_t keys = rnd_below(seed, 5);

			while (keys--) {
				i = rnd_below(seed, 12);
				data[len++] = 'A' + rnd_below(seed, 26);
				data[len++] = '0' + rnd_below(seed, 10);
				data[len++] = i;
				while (i--)
					data[len++] = rnd(seed) >> 40;
			}
		}
		data[resource] = tag;
		data[resource + 1] = (len - resource - 3) & 0xff;
		data[resource + 2] = (len - resource - 3) >> 8;
	}
	data[len++] = 0x78;
	return len;
}

static void random_resources(void **state)
{
	uint64_t seed = 6;
	uint8_t data[1024];
	unsigned int round, good = 0;

	(void)state;
	for (round = 0; round < 50000; round++) {
		size_t len = random_vpd(&seed, data);

		switch (rnd_below(&seed, 6)) {
		case 0:
			data[rnd_below(&seed, len)] = rnd(&seed) >> 40;
			break;
		case 1:
			data[rnd_below(&seed, len)] += rnd_below(&seed, 3) - 1;
			break;
		case 2:
			len = rnd_below(&seed, len);
			break;
		}
		compare(data, len);
		good += ask_only(data, len) == 0;
	}
	/* That the rounds were worth it. */
	assert_in_range(good, 25000, 45000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(card_byte_by_byte),
		cmocka_unit_test(card_by_pve_next),
		cmocka_unit_test(truncated),
		cmocka_unit_test(buffer_sizes),
		cmocka_unit_test(nothing_written_on_error),
		cmocka_unit_test(wanted),
		cmocka_unit_test(end_only),
		cmocka_unit_test(malformed),
		cmocka_unit_test(tags),
		cmocka_unit_test(keyword_sizes),
		cmocka_unit_test(identifier_sizes),
		cmocka_unit_test(order),
		cmocka_unit_test(largest),
		cmocka_unit_test(one_byte_changed),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(random_resources),
	};

	return cmocka_run_group_tests_name("vpd", tests, NULL, NULL);
}
