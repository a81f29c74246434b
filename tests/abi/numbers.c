// SPDX-License-Identifier: GPL-2.0
/* Prints what a compiled client would send; abi.t knows what that must be. */
#include <sys/types.h>
#include <sys/pciio.h>
#include <dev/pci/pcireg.h>
#include <vm/vm.h>
#include <stdio.h>

#define SHOW(x)	printf("%s %lx\n", #x, (unsigned long)(x))

int main(void)
{
	SHOW(PCIOCREAD);
	SHOW(PCIOCWRITE);
	SHOW(PCIOCATTACHED);
	SHOW(PCIOCGETCONF);
	SHOW(PCIOCGETBAR);
	SHOW(PCIOCLISTVPD);
	SHOW(PCIOCBARMMAP);
	SHOW(PCIOCBARIO);
	SHOW(sizeof(struct pci_conf));
	SHOW(sizeof(struct pci_match_conf));
	SHOW(VM_MEMATTR_UNCACHEABLE);
	SHOW(VM_MEMATTR_WRITE_COMBINING);
	SHOW(VM_MEMATTR_WEAK_UNCACHEABLE);
	SHOW(VM_MEMATTR_DEVICE);
	SHOW(PCIR_BAR(PCIR_MAX_BAR_0));
	SHOW(PCI_BAR_IO(0xc001));
	SHOW(PCI_BAR_IO(0xfebc0004u));
	SHOW(PCI_BAR_MEM(0xfebc0004u));
	return 0;
}
