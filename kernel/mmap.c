// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of BARs. mmap(2) claims the BAR; pages are filled in when they are
 * touched, after another look at the claim.
 */
#include <linux/io.h>
#include <linux/mman.h>
#include <linux/nospec.h>
#include "bar.h"
#include "compat.h"
#include "counter.h"
#include "mapping.h"
#include "mmap.h"
#include "trace.h"

#define BAR_PAGES	(1UL << (BARIOC_MMAP_BAR_SHIFT - PAGE_SHIFT))
#define WHOLE_BAR	0	/* instead of a number of pages */

static unsigned int place_bar(pgoff_t pgoff)
{
	return (pgoff >> (BARIOC_MMAP_BAR_SHIFT - PAGE_SHIFT)) %
	       (1 << (BARIOC_MMAP_NODE_SHIFT - BARIOC_MMAP_BAR_SHIFT));
}

/* The number of pages that a BAR overlaps. */
static u64 bar_pages(resource_size_t start, u64 size)
{
	return (offset_in_page(start) + size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

static vm_fault_t insert_page(struct vm_fault *vmf,
			      struct bario_attachment *att)
{
	struct bario_function *function = att->function;
	unsigned int index = place_bar(vmf->pgoff);
	struct bario_claim *claim = &function->claims[index];
	vm_fault_t ret = VM_FAULT_SIGBUS;
	u64 page = vmf->pgoff % BAR_PAGES;

	/* So that the claim can't end between the check and the mapping. */
	mutex_lock(&function->lock);
	bario_claims_recheck(function);
	if ((att->bars & BIT(index)) &&
	    page < bar_pages(claim->start, claim->bar.size))
		ret = vmf_insert_pfn(vmf->vma, vmf->address,
				     PHYS_PFN(claim->start) + page);
	/* Since the mapping was made, a driver may have come, with a reset before it. */
	if (ret == VM_FAULT_NOPAGE && (vmf->vma->vm_flags & VM_MAYWRITE))
		bario_attachment_written(att);
	mutex_unlock(&function->lock);
	return ret;
}

static vm_fault_t mmap_fault(struct vm_fault *vmf)
{
	struct bario_file *file = vmf->vma->vm_file->private_data;
	struct bario_attachment *att;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	int index;

	/* Each time, because the mapping may outlive the attachment. */
	index = bario_attachments_enter(file);
	att = bario_attachment_by_minor(file, vmf->pgoff >>
					(BARIOC_MMAP_NODE_SHIFT - PAGE_SHIFT));
	if (att)
		ret = insert_page(vmf, att);
	bario_attachments_leave(file, index);
	return ret;
}

static const struct vm_operations_struct vm_ops = {
	.fault = mmap_fault,
};

/* Checks a BAR before it is claimed to be mapped. */
static int check_map(struct bario_attachment *att, unsigned int index, u64 first,
		     u64 pages, u32 rights)
{
	struct bario_bar bar = bario_bar_ask(att->function, index);
	resource_size_t start = pci_resource_start(att->function->pdev, index);
	u64 all;

	lockdep_assert_held(&att->function->lock);
	if (bar.kind == BARIO_BAR_NONE)
		return -EINVAL;
	if (bar.kind == BARIO_BAR_PORT)
		return -EIO;
	if (!bar.assigned)
		return -ENXIO;
	all = bar_pages(start, bar.size);
	if (pages == WHOLE_BAR)
		pages = all;
	if (all > BAR_PAGES || first >= all || pages > all - first)
		return -EINVAL;
	if (!att->allowed.ranges)
		return 0;
	/* The rest of a page that the BAR does not fill may be another BAR's. */
	if (offset_in_page(start) || (first + pages) << PAGE_SHIFT > bar.size)
		return -EACCES;
	return bario_allows(&att->allowed, index, first << PAGE_SHIFT,
				((first + pages) << PAGE_SHIFT) - 1,
				rights | BARIOC_RIGHT_MAP) ? 0 : -EACCES;
}

struct map_request {
	struct bario_claim_request	claim;
	struct file			*filp;
	unsigned int			index;
	u64				first;
	u64				pages;
	u32				rights;
};

static int check_request(struct bario_claim_request *request,
			 struct bario_attachment *att)
{
	const struct map_request *map =
		container_of(request, struct map_request, claim);
	int ret = check_map(att, map->index, map->first, map->pages,
			    map->rights);

	/* As mmap(2) does, but before the claim. */
	if (!ret && !(map->filp->f_mode & FMODE_READ))
		ret = -EACCES;
	if (!ret)
		request->bars = BIT(map->index);
	return ret;
}

static int claim_for_map(struct bario_attachment *att, struct map_request *map)
{
	struct bario_function *function = att->function;
	int ret;

	map->claim.check = check_request;
	ret = bario_claims_get(att, &map->claim);
	trace_bario_map(function->sel, map->index, ret);
	if (ret)
		bario_counter_deny(function, map->index, ret);
	return ret;
}

/*
 * Fills in no pages: mmap_fault() does, after another look at the claim. That is
 * needed because bario_mapping_remove() finds the vma only once it is linked, after
 * this.
 */
static int mmap_entered(struct file *filp, struct vm_area_struct *vma)
{
	struct bario_file *file = filp->private_data;
	unsigned int index = place_bar(vma->vm_pgoff);
	struct map_request request = {
		.claim.mmap_locked = true,
		.filp = filp,
		.index = index,
		.first = vma->vm_pgoff % BAR_PAGES,
		.pages = vma_pages(vma),
		.rights = BARIOC_RIGHT_READ,
	};
	struct bario_attachment *att;
	int ret;

	if (!(filp->f_mode & FMODE_WRITE))
		return -EPERM;
	att = bario_attachment_by_minor(file,
					vma->vm_pgoff >>
					(BARIOC_MMAP_NODE_SHIFT - PAGE_SHIFT));
	if (!att)
		return -ENODEV;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		request.rights |= BARIOC_RIGHT_WRITE;
	ret = claim_for_map(att, &request);
	if (ret)
		return ret;

	vma->vm_pgoff = (bario_mapping_place(att->function, index) >> PAGE_SHIFT) +
			vma->vm_pgoff % BAR_PAGES;
	vma->vm_ops = &vm_ops;
	/*
	 * As ioremap() does. With memory encryption (SME, SEV, TDX, realms), a
	 * device is not reached through a page that is mapped as encrypted.
	 */
	vma->vm_page_prot =
		pgprot_decrypted(pgprot_device(vma->vm_page_prot));
	vm_flags_mod(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP,
		     vma->vm_flags & VM_WRITE ? 0 : VM_MAYWRITE);
	return 0;
}

/**
 * bario_mmap() - map a part of a memory BAR
 * @filp: the file
 * @vma: the mapping, whose offset selects the BAR and the place in it
 */
int bario_mmap(struct file *filp, struct vm_area_struct *vma)
{
	int index = bario_attachments_enter(filp->private_data);
	int ret = mmap_entered(filp, vma);

	bario_attachments_leave(filp->private_data, index);
	return ret;
}

/**
 * bario_mmap_bar() - map a whole memory BAR for PCIOCBARMMAP
 * @filp: the file
 * @att: its attachment to the function
 * @map: the request, of which everything but the BAR was checked; pbm_map_base and
 *	the lengths are filled in
 *
 * Return: 0 or one of the errors of struct pci_bar_mmap, from EINVAL on.
 */
int bario_mmap_bar(struct file *filp, struct bario_attachment *att,
		   struct pci_bar_mmap *map)
{
	struct bario_function *function = att->function;
	struct pci_dev *pdev = function->pdev;
	int index = bario_bar_index(pdev->hdr_type, map->pbm_reg);
	unsigned long addr = 0, flags = MAP_SHARED, prot = PROT_READ;
	struct map_request request = {
		.filp = filp,
		.index = index,
		.pages = WHOLE_BAR,
		.rights = BARIOC_RIGHT_READ,
	};
	struct bario_claim *claim;
	u64 start, size, length;
	int ret;

	if (index < 0)
		return index;
	if (map->pbm_flags & PCIIO_BAR_MMAP_RW) {
		prot |= PROT_WRITE;
		request.rights |= BARIOC_RIGHT_WRITE;
	}
	ret = claim_for_map(att, &request);
	if (ret)
		return ret;
	claim = &function->claims[index];
	spin_lock(&claim->lock);
	start = claim->start;
	size = claim->bar.size;
	ret = att->bars & BIT(index) ? 0 : -EBUSY;
	spin_unlock(&claim->lock);
	if (ret)
		return bario_attachment_error(att, ret);
	length = bar_pages(start, size) << PAGE_SHIFT;

	if (map->pbm_flags & PCIIO_BAR_MMAP_FIXED) {
		addr = (unsigned long)map->pbm_map_base;
		flags |= map->pbm_flags & PCIIO_BAR_MMAP_EXCL ?
			MAP_FIXED_NOREPLACE : MAP_FIXED;
	}
	/* Calls bario_mmap(), which takes function->lock. */
	addr = vm_mmap(filp, addr, length, prot, flags,
		       bario_mapping_place(function, index));
	if (IS_ERR_VALUE(addr))
		return (long)addr;
	map->pbm_map_base = (void *)addr;
	map->pbm_map_length = length;
	map->pbm_bar_length = size;
	map->pbm_bar_off = offset_in_page(start);
	return 0;
}
