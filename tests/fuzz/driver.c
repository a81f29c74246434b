// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a fuzz target without libFuzzer:
 *
 *   fuzz-NAME [ROUNDS [SEED]]   feed it ROUNDS mutations of its seeds
 *   fuzz-NAME FILE...           feed it these, as to repeat a crash
 *
 * An input that ends the program is in the file fuzz-crash.
 */
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "fuzz.h"
#include "random.h"

#define LONGEST	512

/* Also called by the sanitizers, before they end the program. */
static uint8_t input[LONGEST];
static size_t input_len;

static void keep_input(void)
{
	FILE *file = fopen("fuzz-crash", "wb");

	if (!file)
		return;
	fwrite(input, 1, input_len, file);
	fclose(file);
}

void __asan_on_error(void);
void __asan_on_error(void)
{
	keep_input();
}

static void on_abort(int sig)
{
	keep_input();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* On the heap, exactly as long as it is. */
static void feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	must(copy);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static int feed_file(const char *name)
{
	static uint8_t data[1 << 20];
	FILE *file = fopen(name, "rb");
	size_t size;

	if (!file) {
		perror(name);
		return 1;
	}
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	feed(data, size);
	return 0;
}

static void mutate(uint64_t *rng)
{
	static const uint8_t edges[] = { 0, 1, 2, 0x7f, 0x80, 0xfe, 0xff, 0x78 };
	const size_t at = input_len ? rnd_below(rng, input_len) : 0;
	size_t span;

	switch (rnd_below(rng, 8)) {
	case 0:
		input[at] ^= 1 << rnd_below(rng, 8);
		break;
	case 1:
		input[at] = rnd(rng) >> 40;
		break;
	case 2:
		input[at] = edges[rnd_below(rng, COUNT(edges))];
		break;
	case 3:
		input[at] += rnd_below(rng, 3) - 1;
		break;
	case 4:
		input_len = at;
		break;
	case 5:
		/* cut out */
		span = input_len ? 1 + rnd_below(rng, input_len - at) : 0;
		memmove(input + at, input + at + span, input_len - at - span);
		input_len -= span;
		break;
	case 6:
		/* repeat */
		span = input_len ? 1 + rnd_below(rng, input_len - at) : 0;
		if (input_len + span > LONGEST)
			break;
		memmove(input + at + span, input + at, input_len - at);
		input_len += span;
		break;
	case 7:
		if (input_len < LONGEST)
			input[input_len++] = rnd(rng) >> 40;
		break;
	}
}

int main(int argc, char **argv)
{
	unsigned long rounds = 100000, i;
	uint64_t rng = 1;
	size_t seeds = 0;

	signal(SIGABRT, on_abort);
	signal(SIGALRM, on_abort);
	if (argc > 1 && !isdigit((unsigned char)argv[1][0])) {
		for (i = 1; i < (unsigned long)argc; i++)
			if (feed_file(argv[i]))
				return 2;
		return 0;
	}
	if (argc > 1)
		rounds = strtoul(argv[1], NULL, 0);
	if (argc > 2)
		rng = strtoull(argv[2], NULL, 0) | 1;
	while (fuzz_seeds[seeds].data)
		seeds++;
	for (i = 0; i < rounds; i++) {
		uint32_t times = rnd_below(&rng, 5);

		if (rnd_below(&rng, 16) == 0) {
			input_len = rnd_below(&rng, 64);
			for (size_t n = 0; n < input_len; n++)
				input[n] = rnd(&rng) >> 40;
		} else if (i < seeds || rnd_below(&rng, 4)) {
			const struct fuzz_seed *seed =
				&fuzz_seeds[rnd_below(&rng, seeds)];

			input_len = seed->size;
			memcpy(input, seed->data, seed->size);
		}
		/* else: go on from the last one */
		while (times--)
			mutate(&rng);
		alarm(10);
		feed(input, input_len);
	}
	printf("%lu inputs\n", rounds);
	return 0;
}
