// SPDX-License-Identifier: GPL-2.0
#include "access.h"
#include "bar.h"
#include "counter.h"
#include "trace.h"

/**
 * bario_access_judge() - a read returned all ones: does the register hold them?
 * @att: the file and the function
 * @index: see bario_bar_responds(), like the other parameters
 *
 * Return: 1: it does; -EIO or -ENODEV: the device did not respond.
 */
noinline int bario_access_judge(struct bario_attachment *att, unsigned int index,
			      bool guarded, unsigned long since)
{
	return bario_bar_responds(att->function, index, guarded, since) ?
		1 : bario_attachment_error(att, -EIO);
}

/**
 * bario_access_failed() - count and trace an access that failed
 * @att: the file and the function
 * @op: the access, like the parameters that follow
 * @ret: the error
 *
 * Return: @ret.
 */
noinline int bario_access_failed(struct bario_attachment *att, int op, u32 index,
				 u64 offset, u32 width, u64 value, int ret)
{
	bario_counter_deny(att->function, index, ret);
	trace_bario_access(att->sel, op, index, offset, width, value, ret);
	return ret;
}

struct access_request {
	struct bario_claim_request	claim;
	int				op;
	u32				index;
	u64				offset;
	u32				width;
};

static int check_access(struct bario_claim_request *request,
			struct bario_attachment *att)
{
	const struct access_request *access =
		container_of(request, struct access_request, claim);
	struct bario_bar bar = bario_bar_ask(att->function, access->index);
	int ret = bario_check_access(&bar, access->op, access->width,
				     access->offset);

	/* Now the index is that of a BAR. */
	if (!ret)
		ret = bario_check_right(&att->allowed, access->index,
					access->offset, access->width,
					bario_access_right(access->op));
	if (!ret)
		request->bars = BIT(access->index);
	return ret;
}

/**
 * bario_access() - read or write a register
 * @att: the file and the function
 * @op: PCIBARIO_READ or PCIBARIO_WRITE
 * @index: the BAR
 * @offset: in bytes
 * @width: in bytes
 * @value: to write, or where to put what was read
 *
 * The slow path: a file that has no claim on the BAR yet gets one, and a read that
 * follows one of all ones is guarded.
 *
 * Return: 0 or one of the errors of struct pci_bar_ioreq, from ENODEV on.
 */
int bario_access(struct bario_attachment *att, int op, u32 index, u64 offset,
		 u32 width, u64 *value)
{
	struct access_request request = {
		.claim.check = check_access,
		.op = op,
		.index = index,
		.offset = offset,
		.width = width,
	};
	int ret;

	/* The new claim may be lost, too, before its first access. */
	do {
		ret = bario_access_fast(att, op, index, offset, width, value,
					true);
		if (ret != -EAGAIN)
			break;
		ret = bario_claims_get(att, &request.claim);
	} while (!ret);
	if (ret)
		return bario_access_failed(att, op, index, offset, width,
					   *value, ret);
	trace_bario_access(att->sel, op, index, offset, width, *value, 0);
	return 0;
}
