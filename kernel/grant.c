// SPDX-License-Identifier: GPL-2.0
/*
 * A grant is decided when the file is made, so checking it takes no lock.
 */
#include <linux/slab.h>
#include <linux/sort.h>
#include "derivation.h"
#include "grant.h"

#define MSIX_ENTRY	16	/* bytes in the table for each vector */

static bool guard_range(struct pci_dev *pdev, int reg, u64 size,
			struct bario_range *range)
{
	u32 place;

	if (pci_read_config_dword(pdev, reg, &place) ||
	    (place & PCI_MSIX_TABLE_BIR) >= BARIO_BARS)
		return false;
	*range = (struct bario_range) {
		.space = place & PCI_MSIX_TABLE_BIR,
		.rights = BARIOC_RIGHT_READ,
		.first = place & PCI_MSIX_TABLE_OFFSET,
	};
	range->last = range->first + size - 1;
	return true;
}

static u32 guard_msix(struct pci_dev *pdev, struct bario_range *ranges)
{
	u8 cap = pdev->msix_cap;
	u32 vectors, i;
	u16 flags;

	/* The PCI core finds it only where it is built with MSI. */
	if (!cap)
		cap = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
	if (!cap)
		return 0;
	if (!pci_read_config_word(pdev, cap + PCI_MSIX_FLAGS, &flags)) {
		vectors = (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
		if (guard_range(pdev, cap + PCI_MSIX_TABLE,
				vectors * MSIX_ENTRY, &ranges[0]) &&
		    guard_range(pdev, cap + PCI_MSIX_PBA,
				ALIGN(vectors, 64) / 8, &ranges[1]))
			return 2;
	}
	/* It has a table that can't be located: it may be anywhere. */
	for (i = 0; i < BARIO_BARS; i++)
		ranges[i] = (struct bario_range) {
			.space = i,
			.rights = BARIOC_RIGHT_READ,
			.last = U64_MAX,
		};
	return BARIO_BARS;
}

/* Stops where the list is broken: a loop, or an offset in the header. */
static u64 find_capabilities(struct pci_dev *pdev)
{
	u8 at = pdev->hdr_type == PCI_HEADER_TYPE_CARDBUS ?
		PCI_CB_CAPABILITY_LIST : PCI_CAPABILITY_LIST;
	u64 found = 0;
	u16 status;

	if (pci_read_config_word(pdev, PCI_STATUS, &status) ||
	    status == U16_MAX || !(status & PCI_STATUS_CAP_LIST))
		return 0;
	while (!pci_read_config_byte(pdev, at, &at)) {
		at &= ~3;
		if (at < PCI_STD_HEADER_SIZEOF || (found & BIT_ULL(at / 4)))
			break;
		found |= BIT_ULL(at / 4);
		at += PCI_CAP_LIST_NEXT;
	}
	return found;
}

/**
 * bario_grant_init() - find where a function holds DMA addresses, and what any
 *	file may read of its configuration space
 * @function: a new function, whose configuration space responds if it can
 *
 * The MSI-X table holds the addresses to which the device writes its interrupts.
 */
void bario_grant_init(struct bario_function *function)
{
	struct bario_range ranges[BARIO_BARS], guarded[2 * BARIO_BARS];
	u32 count;

	count = guard_msix(function->pdev, ranges);
	count = bario_ranges_normalize(ranges, count, guarded);
	function->safe_count = bario_grant_safe(guarded, count, function->safe);
	function->capabilities = find_capabilities(function->pdev);
}

/* Sets what the file may do with the function: a copy of @ranges, which is in order. */
static int attachment_set_grant(struct bario_attachment *att,
				const struct bario_range *ranges, u32 count)
{
	u32 space, i = 0;

	att->allowed.whole = 0;
	att->allowed.ranges = kvmalloc_array(count + !count, sizeof(*ranges),
					     GFP_KERNEL_ACCOUNT);
	if (!att->allowed.ranges)
		return -ENOMEM;
	memcpy((void *)att->allowed.ranges, ranges, count * sizeof(*ranges));
	for (space = 0; space < BARIO_SPACES; space++) {
		att->allowed.begin[space] = i;
		while (i < count && ranges[i].space == space)
			i++;
	}
	att->allowed.begin[BARIO_SPACES] = i;
	for (space = 0; space < BARIO_BARS; space++)
		if (bario_allows(&att->allowed, space, 0, U64_MAX,
				 BARIOC_RIGHT_READ | BARIOC_RIGHT_WRITE))
			att->allowed.whole |= BIT(space);
	/* The byte that has the bus master bit. */
	att->may_bus_master = bario_allows(&att->allowed, BARIOC_SPACE_CONFIG, PCI_COMMAND,
					   PCI_COMMAND, BARIOC_RIGHT_WRITE);
	return 0;
}

/**
 * bario_grant_node() - make a file for one function
 * @function: the function
 *
 * Return: the file or an error pointer.
 */
struct bario_file *bario_grant_node(struct bario_function *function)
{
	struct bario_range ranges[ARRAY_SIZE(function->safe)];
	struct bario_file *file = bario_file_new(1);
	u32 count = function->safe_count;
	int ret;

	if (!file)
		return ERR_PTR(-ENOMEM);
	kref_get(&function->ref);
	file->own[0].function = function;
	/* All that is safe except writing configuration space, which is last. */
	memcpy(ranges, function->safe, count * sizeof(*ranges));
	ranges[count - 1].rights = BARIOC_RIGHT_READ;
	ret = attachment_set_grant(&file->own[0], ranges, count);
	if (ret) {
		bario_derivation_close(file);
		return ERR_PTR(ret);
	}
	bario_file_index(file);
	return file;
}

static u64 rule_sel(const struct barioc_rule *rule)
{
	const struct pcisel sel = {
		.pc_domain = rule->domain,
		.pc_bus = rule->bus,
		.pc_dev = rule->dev,
		.pc_func = rule->func,
	};

	return bario_sel(&sel);
}

static int by_sel(const void *left, const void *right)
{
	u64 a = rule_sel(left), b = rule_sel(right);

	return a < b ? -1 : a > b;
}

/* Grants what both the rules for one function and the parent file allow. */
static int derive_attachment(struct bario_attachment *att,
			     const struct bario_attachment *from,
			     const struct barioc_rule *rules, u32 count)
{
	const struct bario_function *function = att->function;
	u32 from_count = from->allowed.begin[BARIO_SPACES];
	u32 capacity = 2 * count + from_count + function->safe_count;
	struct bario_range *a, *b;
	u32 i, n;
	int ret;

	/* Each step reads one of two buffers and writes the other. */
	a = kvmalloc_array(2 * capacity, sizeof(*a), GFP_KERNEL_ACCOUNT);
	if (!a)
		return -ENOMEM;
	b = a + capacity;
	for (i = 0; i < count; i++)
		a[i] = bario_rule_range(&rules[i]);
	n = bario_ranges_normalize(a, count, b);
	swap(a, b);
	if (from->allowed.ranges) {
		n = bario_ranges_intersect(a, n, from->allowed.ranges, from_count, b);
		swap(a, b);
	}
	ret = attachment_set_grant(att, a, n);
	if (!ret && !att->may_bus_master) {
		kvfree(att->allowed.ranges);
		n = bario_ranges_intersect(a, n, function->safe, function->safe_count,
					   b);
		ret = attachment_set_grant(att, b, n);
	}
	kvfree(min(a, b));
	return ret;
}

static int derive_attachments(struct bario_file *file, struct bario_file *parent,
			      const struct barioc_rule *rules, u32 count)
{
	u32 i, end, left = BARIOC_RULES_MAX;
	struct bario_attachment *att = file->own;

	for (i = 0; i < count; i = end) {
		u64 sel = rule_sel(&rules[i]);
		struct bario_attachment *from = bario_attachment_get(parent, sel);
		int ret;

		if (IS_ERR(from))
			return PTR_ERR(from);
		for (end = i; end < count; end++)
			if (rule_sel(&rules[end]) != sel)
				break;
		kref_get(&from->function->ref);
		att->function = from->function;
		ret = derive_attachment(att, from, &rules[i], end - i);
		if (ret)
			return ret;
		if (att->allowed.begin[BARIO_SPACES] > left)
			return -E2BIG;
		left -= att->allowed.begin[BARIO_SPACES];
		if (att->allowed.begin[BARIO_SPACES]) {
			att++;
			continue;
		}
		/* Nothing is left of it: the next function takes its place. */
		kvfree(att->allowed.ranges);
		bario_function_put(att->function);
		att->allowed.ranges = NULL;
		att->function = NULL;
	}
	file->count = att - file->own;
	return file->count ? 0 : -EACCES;
}

/**
 * bario_grant_derive() - make a file with a more restricted grant
 * @parent: the file that it is derived from
 * @rules: @count rules, at least one; they get sorted
 * @count: how many
 * @shared: may share BARs with a driver
 *
 * Return: the file, which is not in the derivation tree yet, or an error pointer, as
 * for struct barioc_derive.
 */
struct bario_file *bario_grant_derive(struct bario_file *parent,
				      struct barioc_rule *rules, u32 count,
				      bool shared)
{
	struct bario_file *file;
	u32 i, functions = 1;
	int ret;

	for (i = 0; i < count; i++) {
		ret = bario_check_rule(&rules[i]);
		if (ret)
			return ERR_PTR(ret);
	}
	sort(rules, count, sizeof(*rules), by_sel, NULL);
	for (i = 1; i < count; i++)
		functions += rule_sel(&rules[i]) != rule_sel(&rules[i - 1]);

	file = bario_file_new(functions);
	if (!file)
		return ERR_PTR(-ENOMEM);
	file->shared = shared || parent->shared;
	ret = derive_attachments(file, parent, rules, count);
	if (ret) {
		bario_derivation_close(file);
		return ERR_PTR(ret);
	}
	bario_file_index(file);
	return file;
}

/**
 * bario_grant_copy() - make a file with the same grant
 * @from: a file that may not do everything, which can revoke the copy
 *
 * Return: the file or an error pointer.
 */
struct bario_file *bario_grant_copy(struct bario_file *from)
{
	struct bario_file *file = bario_file_new(from->count);
	int ret = 0;
	u32 i;

	if (!file)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < from->count && !ret; i++) {
		struct bario_attachment *att = &from->own[i];

		kref_get(&att->function->ref);
		file->own[i].function = att->function;
		ret = attachment_set_grant(&file->own[i], att->allowed.ranges,
					   att->allowed.begin[BARIO_SPACES]);
	}
	if (!ret)
		ret = bario_derivation_adopt(from, file, false);
	if (ret) {
		bario_derivation_close(file);
		return ERR_PTR(ret);
	}
	bario_file_index(file);
	return file;
}

/**
 * bario_grant_rules() - write a grant as rules
 * @file: the file, which may not do everything
 * @rules: buffer for the rules
 * @capacity: how many fit
 *
 * Return: the number of rules, whether they fit or not.
 */
u32 bario_grant_rules(const struct bario_file *file, struct barioc_rule *rules,
		      u32 capacity)
{
	u32 i, j, count = 0;

	for (i = 0; i < file->count; i++) {
		const struct bario_attachment *att = &file->own[i];
		u64 sel = att->function->sel;

		for (j = 0; j < att->allowed.begin[BARIO_SPACES]; j++, count++) {
			const struct bario_range *range = &att->allowed.ranges[j];
			u64 length = range->last - range->first + 1;

			if (count >= capacity)
				continue;
			rules[count] = (struct barioc_rule) {
				.domain = sel >> 32,
				.bus = sel >> 24,
				.dev = sel >> 16,
				.func = sel >> 8,
				.space = range->space,
				.rights = range->rights,
				.offset = range->first,
				.length = range->last == U64_MAX ?
					  BARIOC_TO_END : length,
			};
		}
	}
	return count;
}

static void show_attachment(struct seq_file *m, struct bario_attachment *att)
{
	const char *name = pci_name(att->function->pdev);
	u32 i;

	for (i = 0; i < att->allowed.begin[BARIO_SPACES]; i++) {
		const struct bario_range *range = &att->allowed.ranges[i];

		seq_printf(m, "bario-grant:\t%s ", name);
		if (range->space == BARIOC_SPACE_CONFIG)
			seq_puts(m, "config");
		else
			seq_printf(m, "bar%u", range->space);
		seq_printf(m, " 0x%llx-0x%llx %s%s%s\n", range->first,
			   range->last,
			   range->rights & BARIOC_RIGHT_READ ? "r" : "-",
			   range->rights & BARIOC_RIGHT_WRITE ? "w" : "-",
			   range->rights & BARIOC_RIGHT_MAP ? "m" : "-");
	}
	mutex_lock(&att->function->lock);
	for (i = 0; i < BARIO_BARS; i++)
		if (att->bars & BIT(i))
			seq_printf(m, "bario-claim:\t%s bar%u\n", name, i);
	mutex_unlock(&att->function->lock);
}

/**
 * bario_grant_show() - /proc/PID/fdinfo: a file's grant and its claims
 * @m: where to print
 * @file: the file
 */
void bario_grant_show(struct seq_file *m, struct bario_file *file)
{
	int index = bario_attachments_enter(file);
	struct bario_attachment *att;
	unsigned int i;

	if (file->all)
		seq_puts(m, "bario-grant:\tall\n");
	if (file->shared)
		seq_puts(m, "bario-grant:\tshared\n");
	if (READ_ONCE(file->revoked))
		seq_puts(m, "bario-grant:\trevoked\n");
	for (i = 0; i < file->count; i++)
		show_attachment(m, &file->own[i]);
	for (i = 0; file->all && i < ARRAY_SIZE(file->attachments); i++)
		hlist_for_each_entry_rcu(att, &file->attachments[i], hash, true)
			show_attachment(m, att);
	bario_attachments_leave(file, index);
}
