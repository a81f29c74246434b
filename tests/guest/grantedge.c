// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): GRANTS. The edges of a grant: each access at each offset of a few bytes
 * of ivshmem's memory, of which a file has different rights. The memory shows what was
 * written.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "derive.h"

static int pci;		/* /dev/pci, open for both */

static uint8_t allowed[64];

static bool covered(unsigned int offset, unsigned int width, unsigned int right)
{
	unsigned int i;

	for (i = 0; i < width; i++)
		if (!(allowed[offset + i] & right))
			return false;
	return true;
}

static uint32_t sum_of_area(void)
{
	uint32_t sum = 0, i;

	for (i = 0; i < 64; i += 4)
		sum = 31 * sum + get(pci, ivshmem, 2, AREA + i, 4);
	return sum;
}

static void all_accesses(int fd, const char *what)
{
	unsigned int width, offset;

	for (width = 1; width <= 8; width *= 2) {
		unsigned int tried = 0, bad = 0, touched = 0;

		for (offset = 0; offset < 64; offset += width) {
			int want = covered(offset, width, R) ? 0 : EACCES;
			int got = read_at(fd, ivshmem, 2, AREA + offset, width);
			uint32_t sum = sum_of_area();

			/* Of 8 bytes the upper half is not 0. */
			if (got == EOVERFLOW && width == 8)
				got = 0;
			bad += got != want;
			if (got != want)
				note("read of %u at %#x: %s", width, offset,
				     errno_name(got));
			want = covered(offset, width, W) ? 0 : EACCES;
			got = try_write(fd, ivshmem, 2, AREA + offset, width, 0);
			bad += got != want;
			if (got != want)
				note("write of %u at %#x: %s", width, offset,
				     errno_name(got));
			touched += got && sum_of_area() != sum;
			if (!got && width < 8)
				put(pci, ivshmem, 2, AREA + offset, width,
				    PATTERN * 0x01010101);
			else if (!got) {
				put(pci, ivshmem, 2, AREA + offset, 4,
				    PATTERN * 0x01010101);
				put(pci, ivshmem, 2, AREA + offset + 4, 4,
				    PATTERN * 0x01010101);
			}
			tried += 2;
		}
		is(bad, 0, "%s: %u accesses of %u at every place", what, tried,
		   width);
		is(touched, 0, "%s: a refused write changes nothing", what);
	}
}

static void allow(const struct barioc_rule *rules, unsigned int count)
{
	unsigned int i;
	uint64_t at;

	memset(allowed, 0, sizeof(allowed));
	for (i = 0; i < count; i++)
		for (at = 0; at < rules[i].length; at++)
			allowed[rules[i].offset - AREA + at] |= rules[i].rights;
}

static void edges(void)
{
	const struct barioc_rule rules[] = {
		rule(ivshmem, 2, R | W, AREA + 0x08, 8),
		rule(ivshmem, 2, R | W, AREA + 0x10, 3),
		rule(ivshmem, 2, R, AREA + 0x13, 5),
		rule(ivshmem, 2, W, AREA + 0x18, 8),
		rule(ivshmem, 2, R, AREA + 0x21, 2),
		rule(ivshmem, 2, W, AREA + 0x22, 2),
		rule(ivshmem, 2, R | W | M, AREA + 0x31, 1),
	};
	const struct barioc_rule narrow[] = {
		rule(ivshmem, 2, R | W, AREA + 0x0c, 8),
		rule(ivshmem, 2, R, AREA + 0x1c, 0x16),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL), child, copy;
	unsigned int i;

	about("PCIOCBARIO at the edges of a grant");
	allow(rules, ARRAY_SIZE(rules));
	all_accesses(fd, "seven rules");
	child = derive(fd, narrow, ARRAY_SIZE(narrow), NULL);
	for (i = 0; i < 64; i++) {
		unsigned int mask = 0;

		if (i >= 0x0c && i < 0x14)
			mask = R | W;
		else if (i >= 0x1c && i < 0x32)
			mask = R;
		allowed[i] &= mask;
	}
	copy = dup(child);
	close(child);
	all_accesses(copy, "two rules of a file with seven, in a dup");
	close(copy);
	close(fd);
}

static void named_edges(void)
{
	const struct barioc_rule rules[] = {
		rule(ivshmem, 2, R, AREA + 0x100, 0x10),
		rule(ivshmem, 2, R, AREA + 0x110, 0x10),
		rule(ivshmem, 2, R | W, AREA + 0x120, 0x10),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	int last = derive_one(pci, ivshmem, 2, R, (1 << 20) - 4, TO_END);
	int past = derive_one(pci, ivshmem, 2, R | W | M, 1ull << 32, TO_END);

	about("PCIOCBARIO at the edges of a grant");
	may_read(fd, AREA + 0xfc, EACCES, "the 4 bytes before");
	may_read(fd, AREA + 0x100, 0, "the first 4 bytes can be read");
	may_read(fd, AREA + 0x12c, 0, "the last 4 bytes can be read");
	may_read(fd, AREA + 0x130, EACCES, "the 4 bytes after");
	errno_is(read_at(fd, ivshmem, 2, AREA + 0xff, 1), EACCES,
		 "the byte before");
	errno_is(read_at(fd, ivshmem, 2, AREA + 0x130, 1), EACCES,
		 "the byte after");
	errno_is(read_at(fd, ivshmem, 2, AREA + 0x118, 8), EOVERFLOW,
		 "8 bytes that end where the rights change can be read");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x118, 8, 0), EACCES,
		 "a write of 8 bytes that end where the rights change");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x11c, 4, 0), EACCES,
		 "a write of the last 4 bytes for reading");
	may_read(last, (1 << 20) - 4, 0, "the last 4 bytes of the BAR can be read");
	may_read(last, (1 << 20) - 8, EACCES, "the 4 bytes before the last of the BAR");
	may_read(last, 1 << 20, EINVAL, "the 4 bytes past the end of the BAR");
	/* Offsets are not cut to the 32 bits that requests have. */
	may_read(past, 0, EACCES, "a rule from 4 GB on: offset 0");
	may_read(past, AREA, EACCES, "a rule from 4 GB on: another offset");
	errno_is(try_map(past, 2, 0, 1, PROT_READ), EACCES,
		 "a rule from 4 GB on: mmap");
	close(past);
	close(last);
	close(fd);
}

int main(void)
{
	tap_begin();
	fill_area(PATTERN);
	pci = open_pci(O_RDWR);
	edges();
	named_edges();
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	area_untouched();
	return tap_end();
}
