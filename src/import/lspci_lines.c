// SPDX-License-Identifier: GPL-2.0-or-later
// Lines that lspci prints below that of a function: known by sight.
#include <stdlib.h>
#include <string.h>

#include "import/lspci_body.h"

static int number_at(const char *p)
{
	char *end;
	long v = strtol(p, &end, 10);

	return end == p || v < 0 || v > 1 << 20 ? -1 : (int)v;
}

int lspci_number_of(const char *text, const char *name)
{
	const char *p = strstr(text, name);

	if (!p)
		return -1;
	p += strlen(name);
	return number_at(p + (*p == ':'));
}

/* Registers, and what their second lines begin with. */
static const char *const register_names[] = {
	"Address: ",
	"Arb:",
	"ARICap:",
	"ARICtl:",
	"ACSCap:",
	"ACSCtl:",
	"AERCap:",
	"AFCap:",
	"AFCtrl:",
	"AFStatus:",
	"ATSCap:",
	"ATSCtl:",
	"AtomicOpsC",
	"BAR ",
	"Bridge: PM",
	"Caps:",
	"CEMsk:",
	"CESta:",
	"Command:",
	"Compliance ",
	"Ctrl:",
	"DevCap",
	"DevCtl",
	"DevSta",
	"DpcC",
	"DpcS",
	"EqualizationPhase",
	"ErrorSrc:",
	"HeaderLog:",
	"Initial VFs",
	"IOVC",
	"IOVS",
	"L1Sub",
	"LaneErr",
	"LnkC",
	"LnkSta",
	"Masking:",
	"Max snoop",
	"Max no snoop",
	"MaxPayload",
	"PASIDC",
	"PBA:",
	"Page Request",
	"PhySta",
	"Phy16",
	"Phy32",
	"Port Arb",
	"PRIC",
	"PRIS",
	"PTMC",
	"RootC",
	"RootSta",
	"Slot #",
	"SltC",
	"SltSta",
	"Status:",
	"Supported Page",
	"T_CommonMode",
	"Transmit ",
	"UEMsk:",
	"UESta:",
	"UESvrt:",
	"VC0:",
	"VC1:",
	"VF Migration",
	"VF offset",
	"Vector table:",
	"Not readable",
	"Product Name:",
	"Read-only",
};

/* `ExtTag- RBE+`: two words that are flags. */
static bool has_flags(const char *text)
{
	size_t n = 0;

	for (const char *p = text; *p; p++) {
		bool letter = p > text && p[-1] != ' ' && p[-1] != '-' && p[-1] != '+';

		if ((*p == '+' || *p == '-') && letter && (!p[1] || p[1] == ' '))
			n++;
	}
	return n >= 2;
}

bool lspci_body_is(const char *text)
{
	size_t at;
	uint8_t row[16];

	text += strspn(text, " \t");
	if (lspci_key_is(text) || lspci_row_read(text, &at, row))
		return true;
	for (size_t i = 0; i < sizeof register_names / sizeof *register_names; i++) {
		if (text_starts(text, register_names[i]))
			return true;
	}
	return has_flags(text);
}

void lspci_habits_learn(struct lspci_habits *h, const char *text)
{
	text += strspn(text, " \t");
	h->drivers |= text_starts(text, "Kernel driver in use:");
	h->modules |= text_starts(text, "Kernel modules:");
	h->extended |=
		text_starts(text, "Capabilities: [1") && text[16] && text[17] != ']';
	if (text_starts(text, "Flags:") || text_starts(text, "IOMMU group") ||
		text_starts(text, "NUMA node")) {
		h->groups |= lspci_number_of(text, "IOMMU group") >= 0;
		h->nodes |= lspci_number_of(text, "NUMA node") >= 0;
	}
}
