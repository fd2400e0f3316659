/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a fuzz target over the files of directories, with no fuzzer: each kept
 * input, once.
 *
 * usage: NAME_corpus DIR...
 */
#include <dirent.h>
#include <string.h>

#include "fuzz.h"

static int
run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long size;
	int rc = -1;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0)
		goto out;
	rewind(f);
	/* Of its own size, so that reading behind it is seen. */
	data = malloc((size_t)size + (size == 0));
	if (data == NULL || fread(data, 1, (size_t)size, f) != (size_t)size)
		goto out;
	rc = LLVMFuzzerTestOneInput(data, (size_t)size);
out:
	if (rc != 0)
		perror(path);
	free(data);
	if (f != NULL)
		fclose(f);
	return rc;
}

static int
run_directory(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	size_t n = 0;
	int rc = 0;

	if (dir == NULL) {
		perror(directory);
		return -1;
	}
	while (rc == 0 && (entry = readdir(dir)) != NULL) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory,
		    entry->d_name) >= sizeof(path)) {
			fprintf(stderr, "%s: long name\n", directory);
			rc = -1;
			break;
		}
		rc = run_file(path);
		n++;
	}
	closedir(dir);
	if (rc == 0 && n == 0) {
		fprintf(stderr, "%s: no inputs\n", directory);
		rc = -1;
	}
	return rc;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s DIR...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		if (run_directory(argv[i]) != 0)
			return 1;
	}
	return 0;
}
