// SPDX-License-Identifier: GPL-2.0
/* core/list.c: PCIOCGETCONF's patterns, and its walk through the functions. */
#include "unit.h"

/*
 * The naive model: one bit for each field that differs, in the order of
 * PCI_GETCONF_MATCH_*; a pattern matches if it asks for something and none of
 * what it asks for differs.
 */
static uint32_t differences(const struct pci_conf *conf,
			    const struct pci_match_conf *pat)
{
	bool name = false;
	unsigned int i;

	for (i = 0; i < sizeof(conf->pd_name); i++) {
		if (pat->pd_name[i] != conf->pd_name[i])
			name = true;
		if (name || !pat->pd_name[i])
			break;
	}
	return (pat->pc_sel.pc_domain != conf->pc_sel.pc_domain) << 0 |
	       (pat->pc_sel.pc_bus != conf->pc_sel.pc_bus) << 1 |
	       (pat->pc_sel.pc_dev != conf->pc_sel.pc_dev) << 2 |
	       (pat->pc_sel.pc_func != conf->pc_sel.pc_func) << 3 |
	       name << 4 |
	       (pat->pd_unit != conf->pd_unit) << 5 |
	       (pat->pc_vendor != conf->pc_vendor) << 6 |
	       (pat->pc_device != conf->pc_device) << 7 |
	       (pat->pc_class != conf->pc_class) << 8;
}

static bool model_match(const struct pci_conf *conf,
			const struct pci_match_conf *patterns, uint32_t count)
{
	bool any = count == 0;
	uint32_t i;

	for (i = 0; i < count; i++)
		if (patterns[i].flags &&
		    !(patterns[i].flags & differences(conf, &patterns[i])))
			any = true;
	return any;
}

static struct pci_conf serial(void)
{
	struct pci_conf conf;

	/* Padding is not zero either. */
	memset(&conf, 0x5a, sizeof(conf));
	conf.pc_sel = (struct pcisel){ 0x10002, 0x80, 31, 7 };
	conf.pc_hdr = 0;
	conf.pc_subvendor = 0x1af4;
	conf.pc_subdevice = 0x1100;
	conf.pc_vendor = 0x8036;
	conf.pc_device = 0x9002;
	conf.pc_class = 0x87;
	conf.pc_subclass = 0;
	conf.pc_progif = 2;
	conf.pc_revid = 1;
	strcpy(conf.pd_name, "serial");
	conf.pd_unit = 0x100000003;
	return conf;
}

/* A pattern that agrees in all fields, with garbage after the name's NUL. */
static struct pci_match_conf same_as(const struct pci_conf *conf)
{
	struct pci_match_conf pat;

	memset(&pat, 0xa5, sizeof(pat));
	pat.pc_sel = conf->pc_sel;
	strcpy(pat.pd_name, conf->pd_name);
	pat.pd_unit = conf->pd_unit;
	pat.pc_vendor = conf->pc_vendor;
	pat.pc_device = conf->pc_device;
	pat.pc_class = conf->pc_class;
	pat.flags = PCI_GETCONF_NO_MATCH;
	return pat;
}

/* Another value in the fields that @fields names. */
static void change(struct pci_match_conf *pat, uint32_t fields)
{
	if (fields & PCI_GETCONF_MATCH_DOMAIN)
		pat->pc_sel.pc_domain ^= 0x10000;
	if (fields & PCI_GETCONF_MATCH_BUS)
		pat->pc_sel.pc_bus ^= 0x80;
	if (fields & PCI_GETCONF_MATCH_DEV)
		pat->pc_sel.pc_dev ^= 0x10;
	if (fields & PCI_GETCONF_MATCH_FUNC)
		pat->pc_sel.pc_func ^= 4;
	if (fields & PCI_GETCONF_MATCH_NAME)
		pat->pd_name[5] ^= 1;
	if (fields & PCI_GETCONF_MATCH_UNIT)
		pat->pd_unit ^= 1ul << 32;
	if (fields & PCI_GETCONF_MATCH_VENDOR)
		pat->pc_vendor ^= 0x8000;
	if (fields & PCI_GETCONF_MATCH_DEVICE)
		pat->pc_device ^= 0x8000;
	if (fields & PCI_GETCONF_MATCH_CLASS)
		pat->pc_class ^= 0x80;
}

#define ALL_FLAGS	0x1ff

static void flag_values(void **state)
{
	(void)state;
	assert_int_equal(PCI_GETCONF_MATCH_DOMAIN, 1);
	assert_int_equal(PCI_GETCONF_MATCH_BUS, 2);
	assert_int_equal(PCI_GETCONF_MATCH_DEV, 4);
	assert_int_equal(PCI_GETCONF_MATCH_FUNC, 8);
	assert_int_equal(PCI_GETCONF_MATCH_NAME, 0x10);
	assert_int_equal(PCI_GETCONF_MATCH_UNIT, 0x20);
	assert_int_equal(PCI_GETCONF_MATCH_VENDOR, 0x40);
	assert_int_equal(PCI_GETCONF_MATCH_DEVICE, 0x80);
	assert_int_equal(PCI_GETCONF_MATCH_CLASS, 0x100);
}

static void each_flag_alone(void **state)
{
	const struct pci_conf conf = serial();
	uint32_t flag;

	(void)state;
	for (flag = 1; flag <= PCI_GETCONF_MATCH_CLASS; flag <<= 1) {
		struct pci_match_conf pat = same_as(&conf);

		pat.flags = flag;
		assert_true(bario_match(&conf, &pat, 1));
		change(&pat, flag);
		assert_false(bario_match(&conf, &pat, 1));
		/* That field agrees, none of the others does. */
		pat = same_as(&conf);
		pat.flags = flag;
		change(&pat, ALL_FLAGS & ~flag);
		assert_true(bario_match(&conf, &pat, 1));
	}
}

/* All sets of flags against all sets of differing fields. */
static void flags_combined(void **state)
{
	const struct pci_conf conf = serial();
	uint32_t flags, fields;

	(void)state;
	for (flags = 0; flags <= ALL_FLAGS; flags++)
		for (fields = 0; fields <= ALL_FLAGS; fields++) {
			struct pci_match_conf pat = same_as(&conf);

			pat.flags = flags;
			change(&pat, fields);
			assert_int_equal(bario_match(&conf, &pat, 1),
					 flags && !(flags & fields));
		}
}

/* As on FreeBSD: what it doesn't know it doesn't compare. */
static void unknown_flags(void **state)
{
	const struct pci_conf conf = serial();
	uint32_t flag;

	(void)state;
	for (flag = 0x200; flag; flag <<= 1) {
		struct pci_match_conf pat = same_as(&conf);

		pat.flags = flag | PCI_GETCONF_MATCH_BUS;
		assert_true(bario_match(&conf, &pat, 1));
		change(&pat, PCI_GETCONF_MATCH_BUS);
		assert_false(bario_match(&conf, &pat, 1));
		pat.flags = flag;
		assert_true(bario_match(&conf, &pat, 1));
	}
}

/* Every single bit of every field counts. */
static void each_bit(void **state)
{
	const struct pci_conf conf = serial();
	const struct {
		uint32_t	flag;
		size_t		offset;
		size_t		size;
	} fields[] = {
#define FIELD(flag, name) {						\
	PCI_GETCONF_MATCH_##flag, offsetof(struct pci_match_conf, name),	\
	sizeof(((struct pci_match_conf *)0)->name)			\
}
		FIELD(DOMAIN, pc_sel.pc_domain),
		FIELD(BUS, pc_sel.pc_bus),
		FIELD(DEV, pc_sel.pc_dev),
		FIELD(FUNC, pc_sel.pc_func),
		FIELD(UNIT, pd_unit),
		FIELD(VENDOR, pc_vendor),
		FIELD(DEVICE, pc_device),
		FIELD(CLASS, pc_class),
#undef FIELD
		{ PCI_GETCONF_MATCH_NAME,
		  offsetof(struct pci_match_conf, pd_name), sizeof("serial") },
	};
	size_t i, bit;

	(void)state;
	for (i = 0; i < COUNT(fields); i++)
		for (bit = 0; bit < fields[i].size * 8; bit++) {
			struct pci_match_conf pat = same_as(&conf);
			uint8_t *at = (uint8_t *)&pat + fields[i].offset;

			pat.flags = fields[i].flag;
			at[bit / 8] ^= 1 << bit % 8;
			assert_false(bario_match(&conf, &pat, 1));
			pat.flags = ALL_FLAGS & ~fields[i].flag;
			assert_true(bario_match(&conf, &pat, 1));
		}
}

static void names(void **state)
{
	static const char sixteen[] = "abcdefghijklmnop";
	struct pci_conf conf = serial();
	struct pci_match_conf pat = same_as(&conf);

	(void)state;
	assert_int_equal(sizeof(sixteen), sizeof(conf.pd_name));
	pat.flags = PCI_GETCONF_MATCH_NAME;

	strcpy(conf.pd_name, sixteen);
	strcpy(pat.pd_name, sixteen);
	assert_true(bario_match(&conf, &pat, 1));
	/* 17 characters, the first 16 alike */
	pat.pd_name[16] = 'q';
	assert_false(bario_match(&conf, &pat, 1));
	/* all 17 alike, none terminated: what follows is not compared */
	conf.pd_name[16] = 'q';
	assert_true(bario_match(&conf, &pat, 1));
	conf.pd_name[16] = 0;
	/* the 16th character */
	strcpy(pat.pd_name, sixteen);
	pat.pd_name[15]++;
	assert_false(bario_match(&conf, &pat, 1));
	/* a beginning, both ways */
	strcpy(pat.pd_name, sixteen);
	pat.pd_name[15] = 0;
	assert_false(bario_match(&conf, &pat, 1));
	strcpy(pat.pd_name, sixteen);
	conf.pd_name[15] = 0;
	assert_false(bario_match(&conf, &pat, 1));
	/* case */
	strcpy(conf.pd_name, "e1000");
	strcpy(pat.pd_name, "E1000");
	assert_false(bario_match(&conf, &pat, 1));
}

static void empty_name(void **state)
{
	struct pci_conf conf = serial();
	struct pci_match_conf pat = same_as(&conf);

	(void)state;
	pat.flags = PCI_GETCONF_MATCH_NAME;
	memset(pat.pd_name, 0x7f, sizeof(pat.pd_name));
	pat.pd_name[0] = 0;
	assert_false(bario_match(&conf, &pat, 1));
	/* no driver; garbage after the NUL of either is ignored */
	memset(conf.pd_name, 0x7e, sizeof(conf.pd_name));
	conf.pd_name[0] = 0;
	assert_true(bario_match(&conf, &pat, 1));
	pat.pd_name[0] = 'x';
	assert_false(bario_match(&conf, &pat, 1));
}

static void no_patterns(void **state)
{
	const struct pci_conf conf = serial();
	struct pci_match_conf pat = same_as(&conf);

	(void)state;
	assert_true(bario_match(&conf, NULL, 0));
	pat.flags = PCI_GETCONF_MATCH_BUS;
	change(&pat, ALL_FLAGS);
	assert_true(bario_match(&conf, &pat, 0));
}

/* One that matches among others decides, wherever it is. */
static void patterns_are_ored(void **state)
{
	const struct pci_conf conf = serial();
	uint32_t count, hit, i;

	(void)state;
	for (count = 1; count <= 9; count++) {
		struct pci_match_conf *pats = malloc(count * sizeof(*pats));

		assert_non_null(pats);
		for (i = 0; i < count; i++) {
			pats[i] = same_as(&conf);
			if (i % 3) {
				pats[i].flags = 1u << i % 9;
				change(&pats[i], 1u << i % 9);
			}
		}
		assert_false(bario_match(&conf, pats, count));
		for (hit = 0; hit < count; hit++) {
			const struct pci_match_conf was = pats[hit];

			pats[hit] = same_as(&conf);
			pats[hit].flags = PCI_GETCONF_MATCH_VENDOR;
			assert_true(bario_match(&conf, pats, count));
			pats[hit] = was;
		}
		free(pats);
	}
}

/* As many as one request takes; the last one decides. */
static void most_patterns(void **state)
{
	const uint32_t count = PCI_GETCONF_PATTERNS_MAX;
	struct pci_match_conf *pats = calloc(count, sizeof(*pats));
	const struct pci_conf conf = serial();

	(void)state;
	assert_non_null(pats);
	assert_false(bario_match(&conf, pats, count));
	pats[count - 1] = same_as(&conf);
	pats[count - 1].flags = PCI_GETCONF_MATCH_DEVICE;
	assert_false(bario_match(&conf, pats, count - 1));
	assert_true(bario_match(&conf, pats, count));
	free(pats);
}

static void pattern_buffers(void **state)
{
	static const uint32_t records[] = { 44, 56 };
	uint32_t count;
	size_t i;

	(void)state;
	assert_int_equal(PCI_GETCONF_PATTERNS_MAX, 4096);
	for (i = 0; i < COUNT(records); i++) {
		const uint32_t record = records[i];

		for (count = 0; count <= 4100; count++) {
			const int want = count <= 4096 ? 0 : -EINVAL;
			const uint32_t bytes = count * record;

			assert_int_equal(bario_check_patterns(count, bytes,
							      record), want);
			assert_int_equal(bario_check_patterns(count, bytes + 1,
							      record), -EINVAL);
			assert_int_equal(bario_check_patterns(count, bytes - 1,
							      record), -EINVAL);
			assert_int_equal(bario_check_patterns(count,
							      bytes + record,
							      record), -EINVAL);
		}
		assert_int_equal(bario_check_patterns(0, record, record),
				 -EINVAL);
		assert_int_equal(bario_check_patterns(1, 0, record), -EINVAL);
		assert_int_equal(bario_check_patterns(UINT32_MAX, 0 - record,
						      record), -EINVAL);
	}
}

/* Numbers whose product has more than 32 bits. */
static void pattern_overflow(void **state)
{
	uint64_t seed = 4;
	uint32_t n;

	(void)state;
	/* In 32 bits, 2^29 * 56 and 2^30 * 44 are 0. */
	assert_int_equal(bario_check_patterns(1u << 29, 0, 56), -EINVAL);
	assert_int_equal(bario_check_patterns(1u << 30, 0, 44), -EINVAL);
	assert_int_equal(bario_check_patterns((1u << 29) + 1, 56, 56), -EINVAL);
	assert_int_equal(bario_check_patterns((1u << 30) + 2, 88, 44), -EINVAL);
	/* Few patterns, but large ones. */
	assert_int_equal(bario_check_patterns(2, 0, 1u << 31), -EINVAL);
	assert_int_equal(bario_check_patterns(4096, 0, 1u << 20), -EINVAL);
	assert_int_equal(bario_check_patterns(3, 2, 0x55555556), -EINVAL);
	for (n = 0; n < 100000; n++) {
		const uint32_t count = rnd(&seed) >> (32 + rnd_below(&seed, 32));
		const uint32_t record = rnd(&seed) >> (32 + rnd_below(&seed, 32));
		const uint64_t product = (uint64_t)count * record;
		const int want = count <= 4096 && product <= UINT32_MAX ?
				 0 : -EINVAL;

		assert_int_equal(bario_check_patterns(count, (uint32_t)product,
						      record), want);
	}
}

static struct bario_walk walk_from(uint32_t offset, uint32_t capacity)
{
	return (struct bario_walk){ .offset = offset, .capacity = capacity };
}

static void walk_all(void **state)
{
	const struct pci_conf conf = serial();
	struct bario_walk walk = walk_from(0, 3);
	uint32_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_true(bario_walk_offer(&walk, i, &conf));
		assert_int_equal(walk.found, i + 1);
		assert_int_equal(walk.offset, i + 1);
		assert_false(walk.full);
	}
	/* The list ends here, and exactly fills the buffer. */
}

static void walk_full(void **state)
{
	const struct pci_conf conf = serial();
	struct bario_walk walk = walk_from(0, 1);
	uint32_t i;

	(void)state;
	assert_true(bario_walk_offer(&walk, 0, &conf));
	for (i = 1; i < 4; i++) {
		assert_false(bario_walk_offer(&walk, i, &conf));
		assert_true(walk.full);
		assert_int_equal(walk.found, 1);
		/* The first that did not fit is the next one. */
		assert_int_equal(walk.offset, 1);
	}
}

static void walk_no_room(void **state)
{
	struct pci_conf conf = serial();
	struct pci_match_conf pat = same_as(&conf);
	struct bario_walk walk = walk_from(0, 0);

	(void)state;
	pat.flags = PCI_GETCONF_MATCH_UNIT;
	walk.patterns = &pat;
	walk.num_patterns = 1;
	conf.pd_unit++;
	/* A function that does not match takes no part of the buffer. */
	assert_false(bario_walk_offer(&walk, 0, &conf));
	assert_false(walk.full);
	assert_int_equal(walk.offset, 1);
	conf.pd_unit--;
	assert_false(bario_walk_offer(&walk, 1, &conf));
	assert_true(walk.full);
	assert_int_equal(walk.offset, 1);
	assert_int_equal(walk.found, 0);
}

static void walk_offset(void **state)
{
	const struct pci_conf conf = serial();
	struct bario_walk walk = walk_from(2, 9);

	(void)state;
	assert_false(bario_walk_offer(&walk, 0, &conf));
	assert_false(bario_walk_offer(&walk, 1, &conf));
	assert_int_equal(walk.offset, 2);
	assert_int_equal(walk.found, 0);
	assert_true(bario_walk_offer(&walk, 2, &conf));
	assert_int_equal(walk.offset, 3);
	assert_int_equal(walk.found, 1);

	walk = walk_from(UINT32_MAX, 9);
	assert_false(bario_walk_offer(&walk, 0, &conf));
	assert_false(bario_walk_offer(&walk, UINT32_MAX - 1, &conf));
	assert_int_equal(walk.offset, UINT32_MAX);
	assert_int_equal(walk.found, 0);
	assert_false(walk.full);
}

/* A list that has gaps, as one file's view of all functions may have. */
static void walk_gaps(void **state)
{
	const struct pci_conf conf = serial();
	struct bario_walk walk = walk_from(0, 2);

	(void)state;
	assert_true(bario_walk_offer(&walk, 7, &conf));
	assert_int_equal(walk.offset, 8);
	assert_true(bario_walk_offer(&walk, 100, &conf));
	assert_int_equal(walk.offset, 101);
	assert_false(bario_walk_offer(&walk, 200, &conf));
	assert_true(walk.full);
	assert_int_equal(walk.offset, 101);
}

/* Few values for each field, so that random ones agree often. */
static void random_conf(uint64_t *seed, struct pci_conf *conf)
{
	static const char *const drivers[] = { "", "e1000", "e1000e", "serial" };

	memset(conf, rnd(seed) & 0xff, sizeof(*conf));
	conf->pc_sel.pc_domain = rnd_below(seed, 2);
	conf->pc_sel.pc_bus = rnd_below(seed, 3);
	conf->pc_sel.pc_dev = rnd_below(seed, 3);
	conf->pc_sel.pc_func = rnd_below(seed, 2);
	strcpy(conf->pd_name, drivers[rnd_below(seed, COUNT(drivers))]);
	conf->pd_unit = rnd_below(seed, 3);
	conf->pc_vendor = 0x8086 + rnd_below(seed, 2);
	conf->pc_device = rnd_below(seed, 3);
	conf->pc_class = rnd_below(seed, 3);
}

static void random_pattern(uint64_t *seed, struct pci_match_conf *pat)
{
	struct pci_conf conf;

	random_conf(seed, &conf);
	*pat = same_as(&conf);
	/* Mostly few flags: with all of them nothing would match. */
	pat->flags = rnd(seed) & rnd(seed) & rnd(seed) & ALL_FLAGS;
}

#define LIST	24

/* The pages put together are what a naive filter finds. */
static void pages(void **state)
{
	struct pci_conf list[LIST];
	struct pci_match_conf pats[4];
	uint32_t want[LIST], got[LIST + 1];
	uint64_t seed = 1;
	unsigned int round, found_any = 0, paged = 0;

	(void)state;
	for (round = 0; round < 20000; round++) {
		const uint32_t length = rnd_below(&seed, LIST + 1);
		const uint32_t count = rnd_below(&seed, COUNT(pats) + 1);
		const uint32_t capacity = 1 + rnd_below(&seed, 6);
		const uint32_t start = rnd_below(&seed, 4) ? 0 :
				       rnd_below(&seed, LIST + 3);
		uint32_t wanted = 0, all = 0, next = start, i;
		struct bario_walk walk;

		for (i = 0; i < length; i++)
			random_conf(&seed, &list[i]);
		for (i = 0; i < count; i++)
			random_pattern(&seed, &pats[i]);
		for (i = start; i < length; i++)
			if (model_match(&list[i], pats, count))
				want[wanted++] = i;
		do {
			walk = walk_from(next, capacity);
			walk.patterns = count ? pats : NULL;
			walk.num_patterns = count;
			for (i = 0; i < length && !walk.full; i++)
				if (bario_walk_offer(&walk, i, &list[i])) {
					assert_true(all < LIST);
					got[all++] = i;
				}
			assert_true(walk.found <= capacity);
			assert_true(walk.offset >= next);
			if (walk.full) {
				/* Going on always leads on. */
				assert_int_equal(walk.found, capacity);
				assert_true(walk.offset > next);
				paged++;
			} else {
				assert_int_equal(walk.offset,
						 length > start ? length : start);
			}
			next = walk.offset;
		} while (walk.full);
		assert_int_equal(all, wanted);
		assert_memory_equal(got, want, wanted * sizeof(*want));
		found_any += wanted > 0;
	}
	/* That the rounds were worth it. */
	assert_in_range(found_any, 5000, 19000);
	assert_in_range(paged, 5000, 200000);
}

static void random_matches(void **state)
{
	uint64_t seed = 2;
	unsigned int round, hits = 0;

	(void)state;
	for (round = 0; round < 200000; round++) {
		const uint32_t count = rnd_below(&seed, 4);
		struct pci_match_conf pats[4];
		struct pci_conf conf;
		bool want;
		uint32_t i;

		random_conf(&seed, &conf);
		for (i = 0; i < count; i++)
			random_pattern(&seed, &pats[i]);
		want = model_match(&conf, pats, count);
		assert_int_equal(bario_match(&conf, pats, count), want);
		hits += want;
	}
	assert_in_range(hits, 60000, 180000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flag_values),
		cmocka_unit_test(each_flag_alone),
		cmocka_unit_test(flags_combined),
		cmocka_unit_test(unknown_flags),
		cmocka_unit_test(each_bit),
		cmocka_unit_test(names),
		cmocka_unit_test(empty_name),
		cmocka_unit_test(no_patterns),
		cmocka_unit_test(patterns_are_ored),
		cmocka_unit_test(most_patterns),
		cmocka_unit_test(pattern_buffers),
		cmocka_unit_test(pattern_overflow),
		cmocka_unit_test(walk_all),
		cmocka_unit_test(walk_full),
		cmocka_unit_test(walk_no_room),
		cmocka_unit_test(walk_offset),
		cmocka_unit_test(walk_gaps),
		cmocka_unit_test(pages),
		cmocka_unit_test(random_matches),
	};

	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
