// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a harness on files, without libFuzzer: fuzz-NAME FILE…, for what once crashed.
#include "fuzz.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		static uint8_t data[4 << 20];
		FILE *in = fopen(argv[i], "rb");
		if (!in) {
			perror(argv[i]);
			return 66;
		}
		size_t n = fread(data, 1, sizeof data, in);
		fclose(in);
		/* Exactly as long as the input, so that a read behind it is seen */
		uint8_t *copy = malloc(n ? n : 1);
		memcpy(copy, data, n);
		LLVMFuzzerTestOneInput(copy, n);
		free(copy);
		printf("%s\n", argv[i]);
		fflush(stdout);
	}
	return 0;
}
