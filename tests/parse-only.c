// SPDX-License-Identifier: GPL-2.0-or-later
// The peer of the benchmark: reads a file and parses it with cJSON, nothing else.
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	size_t n = 0, cap = 1 << 16;
	char *text = malloc(cap);

	if (!f || !text)
		return 1;
	for (size_t got; (got = fread(text + n, 1, cap - n - 1, f)) > 0;) {
		n += got;
		if (cap - n == 1 && !(text = realloc(text, cap *= 2)))
			return 1;
	}
	fclose(f);
	text[n] = '\0';
	cJSON *root = cJSON_ParseWithLength(text, n);
	int status = root ? 0 : 1;
	cJSON_Delete(root);
	free(text);
	return status;
}
