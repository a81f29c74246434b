// SPDX-License-Identifier: GPL-2.0
/*
 * core/grant.c against a model that knows of no ranges: a table of rights for
 * each piece of each space. Every range of a random set begins and ends with a
 * piece, so that the table says exactly what is allowed at each byte.
 */
#include "unit.h"

#define R	BARIOC_RIGHT_READ
#define W	BARIOC_RIGHT_WRITE
#define M	BARIOC_RIGHT_MAP
#define ALL	(R | W | M)
#define LAST	UINT64_MAX

/* ---- the model ---- */
#define FINE	16	/* single bytes at both ends of a space */
#define PIECES	(2 * FINE + 7)

static uint64_t first_of(unsigned int piece)
{
	static const uint64_t middle[] = {
		FINE, 0xfffffffeull, 0xffffffffull, 0x100000000ull,
		0x7fffffffffffffffull, 0x8000000000000000ull,
		0x8000000000000001ull,
	};

	if (piece < FINE)
		return piece;
	if (piece < FINE + COUNT(middle))
		return middle[piece - FINE];
	return LAST - (PIECES - 1 - piece);
}

static uint64_t last_of(unsigned int piece)
{
	return piece == PIECES - 1 ? LAST : first_of(piece + 1) - 1;
}

struct model {
	uint8_t	rights[BARIO_SPACES][PIECES];
};

static void model_add(struct model *model, const struct bario_range *range)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++)
		if (first_of(i) >= range->first && last_of(i) <= range->last)
			model->rights[range->space][i] |= range->rights;
}

static struct model model_of(const struct bario_range *ranges, uint32_t count)
{
	struct model model = { 0 };
	uint32_t i;

	for (i = 0; i < count; i++)
		model_add(&model, &ranges[i]);
	return model;
}

static struct model model_both(const struct model *a, const struct model *b)
{
	struct model both;
	unsigned int space, i;

	for (space = 0; space < BARIO_SPACES; space++)
		for (i = 0; i < PIECES; i++)
			both.rights[space][i] = a->rights[space][i] &
						b->rights[space][i];
	return both;
}

static bool model_allows(const struct model *model, uint32_t space,
			 uint64_t first, uint64_t last, uint32_t rights)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++)
		if (last_of(i) >= first && first_of(i) <= last &&
		    (model->rights[space][i] & rights) != rights)
			return false;
	return true;
}

/* ---- random ranges ---- */
/* Few spaces, so that ranges meet; rights that are often the same. */
static struct bario_range random_range(uint64_t *seed)
{
	unsigned int a = rnd_below(seed, PIECES), b = a;
	struct bario_range range;

	switch (rnd_below(seed, 4)) {
	case 0:
		b = rnd_below(seed, PIECES);
		break;
	case 1:
		b = a + rnd_below(seed, 4);
		break;
	case 2:
		b = PIECES - 1;
		break;
	}
	if (b >= PIECES)
		b = PIECES - 1;
	range.space = rnd_below(seed, 3) * 3;
	range.rights = rnd_below(seed, 2) ? 1 + rnd_below(seed, ALL) : R;
	range.first = first_of(a < b ? a : b);
	range.last = last_of(a < b ? b : a);
	return range;
}

/* Exactly so many: the address sanitizer finds one more. */
static struct bario_range *room_for(uint32_t count)
{
	struct bario_range *ranges = malloc(count * sizeof(*ranges));

	assert_true(ranges || !count);
	return ranges;
}

static void assert_in_order(const struct bario_range *ranges, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		const struct bario_range *a = &ranges[i], *b = a + 1;

		assert_true(a->space < BARIO_SPACES);
		assert_true(a->rights && !(a->rights & ~(uint32_t)ALL));
		assert_true(a->first <= a->last);
		if (i + 1 == count || a->space < b->space)
			continue;
		assert_int_equal(a->space, b->space);
		assert_true(a->last < b->first);
		/* What goes on with the same rights is one range. */
		assert_false(a->last + 1 == b->first && a->rights == b->rights);
	}
}

static void assert_model(const struct bario_range *ranges, uint32_t count,
			 const struct model *want)
{
	struct model got = model_of(ranges, count);

	assert_in_order(ranges, count);
	assert_memory_equal(&got, want, sizeof(got));
}

/* A grant in order, of up to @most random ranges. */
static struct bario_range *random_grant(uint64_t *seed, uint32_t most,
					uint32_t *count, struct model *model)
{
	uint32_t n = rnd_below(seed, most + 1), i;
	struct bario_range *from = room_for(n), *out = room_for(2 * n);

	for (i = 0; i < n; i++)
		from[i] = random_range(seed);
	*model = model_of(from, n);
	*count = bario_ranges_normalize(from, n, out);
	assert_true(*count <= 2 * n);
	free(from);
	return out;
}

/* ---- bario_check_rule ---- */
static const struct barioc_rule good = {
	.domain = 0, .bus = 3, .dev = 4, .func = 1, .space = 2, .rights = R,
	.offset = 0x100, .length = 4,
};

static int check(struct barioc_rule rule)
{
	return bario_check_rule(&rule);
}

static void rule_good(void **state)
{
	struct barioc_rule rule = good;
	unsigned int i;

	(void)state;
	assert_int_equal(check(good), 0);
	for (i = 0; i < 256; i++) {
		rule = good;
		rule.bus = i;
		assert_int_equal(check(rule), 0);
	}
	rule.domain = UINT32_MAX;
	assert_int_equal(check(rule), 0);
}

static void rule_place(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		struct barioc_rule rule = good;

		rule.dev = i;
		assert_int_equal(check(rule), i < 32 ? 0 : -EINVAL);
		rule = good;
		rule.func = i;
		assert_int_equal(check(rule), i < 8 ? 0 : -EINVAL);
		rule = good;
		rule.space = i;
		assert_int_equal(check(rule), i < 6 || i == 7 ? 0 : -EINVAL);
	}
}

static void rule_rights(void **state)
{
	unsigned int bit, i;

	(void)state;
	for (i = 0; i < 16; i++) {
		struct barioc_rule rule = good;

		rule.rights = i;
		assert_int_equal(check(rule), i && i < 8 ? 0 : -EINVAL);
		rule.space = BARIOC_SPACE_CONFIG;
		assert_int_equal(check(rule), i && i < 4 ? 0 : -EINVAL);
	}
	for (bit = 3; bit < 32; bit++) {
		struct barioc_rule rule = good;

		rule.rights = R | 1u << bit;
		assert_int_equal(check(rule), -EINVAL);
		rule.rights = 1u << bit;
		assert_int_equal(check(rule), -EINVAL);
	}
}

static void rule_reserved(void **state)
{
	unsigned int bit;

	(void)state;
	for (bit = 0; bit < 32; bit++) {
		struct barioc_rule rule = good;

		rule.reserved = 1u << bit;
		assert_int_equal(check(rule), -EINVAL);
	}
}

static const struct {
	uint64_t	offset;
	uint64_t	length;
	int		want;
	uint64_t	last;
} lengths[] = {
	{ 0, 0, -EINVAL, 0 },
	{ 0x100, 0, -EINVAL, 0 },
	{ LAST, 0, -EINVAL, 0 },
	{ 0, 1, 0, 0 },
	{ 0, BARIOC_TO_END, 0, LAST },
	{ 1, BARIOC_TO_END, 0, LAST },
	{ LAST, BARIOC_TO_END, 0, LAST },
	{ LAST, 1, 0, LAST },
	{ LAST, 2, -EINVAL, 0 },
	{ LAST - 1, 2, 0, LAST },
	{ LAST - 1, 3, -EINVAL, 0 },
	{ 0, LAST - 1, 0, LAST - 2 },
	{ 1, LAST - 1, 0, LAST - 1 },
	{ 2, LAST - 1, 0, LAST },
	{ 3, LAST - 1, -EINVAL, 0 },
	{ LAST, LAST - 1, -EINVAL, 0 },
	{ 1ull << 63, 1ull << 63, 0, LAST },
	{ 1ull << 63, (1ull << 63) + 1, -EINVAL, 0 },
	{ (1ull << 63) + 1, 1ull << 63, -EINVAL, 0 },
	{ 0xffffffff, 1, 0, 0xffffffff },
	{ 0xffffffff, 2, 0, 0x100000000 },
	{ 0x100000000, 0xffffffff00000000, 0, LAST },
	{ 0x100000000, 0xffffffff00000001, -EINVAL, 0 },
};

static void rule_lengths(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < COUNT(lengths); i++) {
		struct barioc_rule rule = good;
		struct bario_range range;

		rule.offset = lengths[i].offset;
		rule.length = lengths[i].length;
		assert_int_equal(check(rule), lengths[i].want);
		if (lengths[i].want)
			continue;
		rule.rights = W;
		range = bario_rule_range(&rule);
		assert_int_equal(range.space, rule.space);
		assert_int_equal(range.rights, W);
		assert_true(range.first == lengths[i].offset);
		assert_true(range.last == lengths[i].last);
	}
}

/* In 128 bits nothing wraps: so it says what must hold. */
static void rule_lengths_random(void **state)
{
	uint64_t seed = 0x6b1;
	unsigned int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		struct barioc_rule rule = good;
		unsigned __int128 end;

		rule.offset = rnd(&seed) >> rnd_below(&seed, 64);
		rule.length = rnd(&seed) >> rnd_below(&seed, 64);
		if (rnd_below(&seed, 2))
			rule.offset = ~rule.offset;
		if (rnd_below(&seed, 2))
			rule.length = -rule.offset + rnd_below(&seed, 3) - 1;
		end = (unsigned __int128)rule.offset + rule.length;
		if (rule.length == BARIOC_TO_END)
			end = (unsigned __int128)1 << 64;
		if (!rule.length || end > (unsigned __int128)1 << 64) {
			assert_int_equal(check(rule), -EINVAL);
		} else {
			assert_int_equal(check(rule), 0);
			assert_true(bario_rule_range(&rule).last ==
				    (uint64_t)(end - 1));
		}
	}
}

/* ---- bario_ranges_normalize ---- */
static void assert_order(const struct bario_range *ranges, uint32_t count,
			 const struct bario_range *want, uint32_t want_count)
{
	struct bario_range *from = room_for(count), *out = room_for(2 * count);
	uint32_t n, i;

	if (count)
		memcpy(from, ranges, count * sizeof(*from));
	n = bario_ranges_normalize(from, count, out);
	assert_int_equal(n, want_count);
	for (i = 0; i < n; i++) {
		assert_int_equal(out[i].space, want[i].space);
		assert_int_equal(out[i].rights, want[i].rights);
		assert_true(out[i].first == want[i].first);
		assert_true(out[i].last == want[i].last);
	}
	free(from);
	free(out);
}

#define ORDER(from, want)	\
	assert_order(from, COUNT(from), want, COUNT(want))

static void order_by_hand(void **state)
{
	static const struct bario_range none[] = { { 0, R, 1, 2 } };
	static const struct bario_range apart[] = {
		{ 6, W, 4, 5 }, { 1, R, 8, 9 }, { 1, R, 2, 3 }, { 0, R, 0, 0 },
	};
	static const struct bario_range apart_ordered[] = {
		{ 0, R, 0, 0 }, { 1, R, 2, 3 }, { 1, R, 8, 9 }, { 6, W, 4, 5 },
	};
	static const struct bario_range touching[] = {
		{ 2, R, 4, 7 }, { 2, R, 0, 3 }, { 2, R | W, 8, 9 },
	};
	static const struct bario_range touching_ordered[] = {
		{ 2, R, 0, 7 }, { 2, R | W, 8, 9 },
	};
	static const struct bario_range nested[] = {
		{ 0, R, 0, LAST }, { 0, W, 4, 7 }, { 0, M, 6, 6 },
	};
	static const struct bario_range nested_ordered[] = {
		{ 0, R, 0, 3 }, { 0, R | W, 4, 5 }, { 0, ALL, 6, 6 },
		{ 0, R | W, 7, 7 }, { 0, R, 8, LAST },
	};
	/* The end of one space does not touch the beginning of the next. */
	static const struct bario_range borders[] = {
		{ 1, R, 0, 3 }, { 0, R, 9, LAST }, { 0, R, 0, 3 },
		{ 1, R, LAST, LAST }, { 2, R, 0, 0 },
	};
	static const struct bario_range borders_ordered[] = {
		{ 0, R, 0, 3 }, { 0, R, 9, LAST }, { 1, R, 0, 3 },
		{ 1, R, LAST, LAST }, { 2, R, 0, 0 },
	};
	static const struct bario_range same[] = {
		{ 3, R, 5, 5 }, { 3, W, 5, 5 }, { 3, R, 5, 5 }, { 3, M, 5, 5 },
	};
	static const struct bario_range same_ordered[] = { { 3, ALL, 5, 5 } };
	static const struct bario_range hidden[] = {
		{ 0, R | W, 0, 9 }, { 0, R, 3, 5 }, { 0, W, 9, 9 },
	};
	static const struct bario_range hidden_ordered[] = {
		{ 0, R | W, 0, 9 },
	};

	(void)state;
	assert_order(NULL, 0, NULL, 0);
	ORDER(none, none);
	ORDER(apart, apart_ordered);
	ORDER(touching, touching_ordered);
	ORDER(nested, nested_ordered);
	ORDER(borders, borders_ordered);
	ORDER(same, same_ordered);
	ORDER(hidden, hidden_ordered);
}

static void order_random(void **state)
{
	uint64_t seed = 0x0bde;
	unsigned int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		struct bario_range *out, *again;
		struct model model;
		uint32_t n, m;

		out = random_grant(&seed, 1 + round % 40, &n, &model);
		assert_model(out, n, &model);
		/* What is in order stays as it is. */
		again = room_for(2 * n);
		m = bario_ranges_normalize(out, n, again);
		assert_int_equal(m, n);
		assert_model(again, m, &model);
		free(again);
		free(out);
	}
}

/* As many as there may be, and as many pieces as can come of them. */
static void order_many(void **state)
{
	uint32_t count = BARIOC_RULES_MAX, i, n;
	struct bario_range *from = room_for(count), *out = room_for(2 * count);

	(void)state;
	from[0] = (struct bario_range){ 6, R, 0, LAST };
	for (i = 1; i < count; i++)
		from[i] = (struct bario_range){ 6, W, 4 * i, 4 * i + 1 };
	n = bario_ranges_normalize(from, count, out);
	assert_int_equal(n, 2 * count - 1);
	assert_in_order(out, n);
	/* Each within the one before. */
	for (i = 0; i < count; i++)
		from[i] = (struct bario_range){ 0, i % 2 ? R : W, i, LAST - i };
	n = bario_ranges_normalize(from, count, out);
	assert_in_order(out, n);
	assert_int_equal(n, 3);
	assert_int_equal(out[0].rights, W);
	assert_int_equal(out[1].rights, R | W);
	for (i = 0; i < count; i++)
		from[i] = (struct bario_range){ 5, ALL, 0, LAST };
	n = bario_ranges_normalize(from, count, out);
	assert_int_equal(n, 1);
	free(from);
	free(out);
}

/* ---- bario_ranges_intersect ---- */
static void both_random(void **state)
{
	uint64_t seed = 0xb07;
	unsigned int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		struct bario_range *a, *b, *out, *back;
		struct model model_a, model_b, want;
		uint32_t n_a, n_b, n, m;

		a = random_grant(&seed, round % 24, &n_a, &model_a);
		b = random_grant(&seed, round % 17, &n_b, &model_b);
		want = model_both(&model_a, &model_b);
		out = room_for(n_a + n_b);
		n = bario_ranges_intersect(a, n_a, b, n_b, out);
		assert_true(n <= n_a + n_b);
		assert_model(out, n, &want);
		/* Whose grant it is makes no difference. */
		back = room_for(n_a + n_b);
		m = bario_ranges_intersect(b, n_b, a, n_a, back);
		assert_int_equal(m, n);
		assert_model(back, m, &want);
		free(back);
		/* With itself it is itself. */
		back = room_for(2 * n);
		m = bario_ranges_intersect(out, n, out, n, back);
		assert_int_equal(m, n);
		assert_model(back, m, &want);
		free(back);
		free(out);
		free(a);
		free(b);
	}
}

/* A grandchild, and its grandchild: no right that its forebears had not. */
static void derived_grants(void **state)
{
	uint64_t seed = 0x11ea6e;
	unsigned int round, depth;

	(void)state;
	for (round = 0; round < 4000; round++) {
		struct bario_range *grant, *rules, *next;
		struct model first, may, asked;
		uint32_t n, m;

		grant = random_grant(&seed, 20, &n, &first);
		may = first;
		for (depth = 0; depth < 6; depth++) {
			unsigned int space, i;

			rules = random_grant(&seed, 20, &m, &asked);
			may = model_both(&may, &asked);
			next = room_for(n + m);
			n = bario_ranges_intersect(rules, m, grant, n, next);
			assert_model(next, n, &may);
			for (space = 0; space < BARIO_SPACES; space++)
				for (i = 0; i < PIECES; i++)
					assert_false(may.rights[space][i] &
						     ~first.rights[space][i]);
			free(rules);
			free(grant);
			grant = next;
		}
		free(grant);
	}
}

/* ---- bario_grant_safe ---- */
static void assert_safe(const struct bario_range *guarded, uint32_t count)
{
	uint32_t ranges = BARIO_SPACES + 2 * count, n;
	struct bario_range *out = room_for(ranges);
	unsigned int space, i;
	struct model want, guard = model_of(guarded, count);

	for (space = 0; space < BARIO_SPACES; space++)
		for (i = 0; i < PIECES; i++)
			want.rights[space][i] = space == 6 ? 0 :
				guard.rights[space][i] ? R :
				space == BARIOC_SPACE_CONFIG ? R | W : ALL;
	n = bario_grant_safe(guarded, count, out);
	assert_true(n <= ranges);
	assert_model(out, n, &want);
	free(out);
}

static void safe(void **state)
{
	static const struct bario_range table[] = {
		{ 3, R, 0, 0xf }, { 3, R, 0xffffffff, 0xffffffff },
	};

	(void)state;
	assert_safe(NULL, 0);
	assert_safe(table, 1);
	assert_safe(table, 2);
}

static void safe_at_the_end(void **state)
{
	static const struct bario_range last[] = {
		{ 3, R, LAST, LAST }, { 6, R, 0x10, LAST },
	};
	static const struct bario_range whole[] = { { 5, R, 0, LAST } };

	(void)state;
	assert_safe(last, 1);
	assert_safe(last, 2);
	assert_safe(whole, 1);
}

static void safe_random(void **state)
{
	uint64_t seed = 0x5afe;
	unsigned int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		uint32_t n = rnd_below(&seed, 12), i, m;
		struct bario_range *from = room_for(n);
		struct bario_range *guarded = room_for(2 * n);

		for (i = 0; i < n; i++) {
			from[i] = random_range(&seed);
			from[i].rights = R;
			/* What reaches the end has a test of its own. */
			if (from[i].last == LAST)
				from[i].last = last_of(PIECES - 2);
			if (from[i].first == LAST)
				from[i].first = from[i].last;
		}
		m = bario_ranges_normalize(from, n, guarded);
		assert_safe(guarded, m);
		free(guarded);
		free(from);
	}
}

/* ---- bario_grant_allows ---- */
static void allows_random(void **state)
{
	uint64_t seed = 0xa110;
	unsigned int round, tries;

	(void)state;
	for (round = 0; round < 2000; round++) {
		uint32_t n, begin, end, space = rnd_below(&seed, 3) * 3;
		struct bario_range *grant;
		struct model model;

		grant = random_grant(&seed, 24, &n, &model);
		for (begin = 0; begin < n; begin++)
			if (grant[begin].space == space)
				break;
		for (end = begin; end < n; end++)
			if (grant[end].space != space)
				break;
		for (tries = 0; tries < 200; tries++) {
			unsigned int a = rnd_below(&seed, PIECES);
			unsigned int b = a + rnd_below(&seed, 10);
			uint32_t rights = 1 + rnd_below(&seed, ALL);
			uint64_t first = first_of(a), last;

			b = b < PIECES ? b : PIECES - 1;
			last = rnd_below(&seed, 2) ? first_of(b) : last_of(b);
			if (rnd_below(&seed, 2) && last_of(a) <= last)
				first = last_of(a);
			assert_int_equal(bario_grant_allows(grant + begin,
							    end - begin, first,
							    last, rights),
					 model_allows(&model, space, first,
						      last, rights));
		}
		free(grant);
	}
}

static void allows_edges(void **state)
{
	static const struct bario_range grant[] = {
		{ 0, R, 0x10, 0x13 }, { 0, R | W, 0x14, 0x17 },
		{ 0, W, 0x18, 0x1b }, { 0, R, 0x20, 0x20 },
		{ 0, ALL, LAST - 3, LAST },
	};
	static const struct {
		uint64_t	first;
		uint64_t	last;
		uint32_t	rights;
		bool		want;
	} asked[] = {
		{ 0x10, 0x10, R, true }, { 0x13, 0x13, R, true },
		{ 0x0f, 0x0f, R, false }, { 0x0f, 0x10, R, false },
		{ 0x10, 0x17, R, true }, { 0x10, 0x17, W, false },
		{ 0x12, 0x15, R, true }, { 0x14, 0x1b, W, true },
		{ 0x14, 0x1b, R, false }, { 0x14, 0x17, R | W, true },
		{ 0x14, 0x18, R | W, false }, { 0x1b, 0x1b, W, true },
		{ 0x1b, 0x1c, W, false }, { 0x1c, 0x1c, R, false },
		{ 0x10, 0x20, R, false }, { 0x20, 0x20, R, true },
		{ 0x20, 0x21, R, false }, { 0x1f, 0x20, R, false },
		{ 0, LAST, R, false }, { 0, 0, R, false },
		{ LAST, LAST, ALL, true }, { LAST - 3, LAST, ALL, true },
		{ LAST - 4, LAST, R, false }, { LAST - 7, LAST - 4, R, false },
		{ 0x100000010, 0x100000010, R, false },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < COUNT(asked); i++)
		assert_int_equal(bario_grant_allows(grant, COUNT(grant),
						    asked[i].first,
						    asked[i].last,
						    asked[i].rights),
				 asked[i].want);
	assert_false(bario_grant_allows(NULL, 0, 0, 0, R));
	assert_false(bario_grant_allows(grant, 0, 0x10, 0x10, R));
}

/* ---- bario_may_read_config ---- */
static void may_read_config(void **state)
{
	static const struct bario_range ranges[] = {
		{ BARIOC_SPACE_CONFIG, W, 0x44, 0x47 },
		{ BARIOC_SPACE_CONFIG, R, 0x52, 0x53 },
		{ BARIOC_SPACE_CONFIG, R | W, 0x80, LAST },
	};
	const struct bario_allowed some = {
		.ranges = ranges, .begin = { [BARIOC_SPACE_CONFIG + 1] = 3 },
	}, none = {
		.ranges = ranges,
	}, all = { 0 };
	const uint64_t caps = 1ULL << (0x50 / 4) | 1ULL << (0xfc / 4);
	static const struct {
		int		reg, width;
		unsigned int	hdr_type;
		bool		none, some;
	} asked[] = {
		{ 0, 4, 0, true, true }, { 0x3c, 4, 0, true, true },
		{ 0x3f, 1, 0, true, true }, { 0x40, 1, 0, false, false },
		{ 0x44, 4, 0, false, false }, { 0x50, 1, 0, true, true },
		{ 0x50, 2, 0, true, true }, { 0x51, 1, 0, true, true },
		{ 0x52, 1, 0, false, true }, { 0x52, 2, 0, false, true },
		{ 0x50, 4, 0, false, true }, { 0x54, 1, 0, false, false },
		{ 0x7c, 4, 0, false, false }, { 0x7c, 4, 1, false, false },
		{ 0x7c, 4, 2, true, true }, { 0x80, 1, 2, false, true },
		{ 0xfc, 2, 0, true, true }, { 0xfc, 4, 0, false, true },
		{ 0x100, 4, 0, false, true }, { 0x150, 2, 0, false, true },
		{ 0xffc, 4, 2, false, true }, { 0x1000, 1, 0, false, true },
		{ INT32_MAX, 1, 0, false, true },
		{ INT32_MAX - 3, 4, 0, false, true },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < COUNT(asked); i++) {
		assert_int_equal(bario_may_read_config(&none, asked[i].hdr_type,
						       caps, asked[i].reg,
						       asked[i].width),
				 asked[i].none);
		assert_int_equal(bario_may_read_config(&some, asked[i].hdr_type,
						       caps, asked[i].reg,
						       asked[i].width),
				 asked[i].some);
		assert_true(bario_may_read_config(&all, asked[i].hdr_type, 0,
						  asked[i].reg,
						  asked[i].width));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_good),
		cmocka_unit_test(rule_place),
		cmocka_unit_test(rule_rights),
		cmocka_unit_test(rule_reserved),
		cmocka_unit_test(rule_lengths),
		cmocka_unit_test(rule_lengths_random),
		cmocka_unit_test(order_by_hand),
		cmocka_unit_test(order_random),
		cmocka_unit_test(order_many),
		cmocka_unit_test(both_random),
		cmocka_unit_test(derived_grants),
		cmocka_unit_test(safe),
		cmocka_unit_test(safe_at_the_end),
		cmocka_unit_test(safe_random),
		cmocka_unit_test(allows_random),
		cmocka_unit_test(allows_edges),
		cmocka_unit_test(may_read_config),
	};

	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
