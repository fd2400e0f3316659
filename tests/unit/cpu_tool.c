/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu_tool DOCUMENT... <HOSTS: a line of HOSTS is a host, as words of CPUID
 * "LEAF:SUB:REGISTER:VALUE" (hexadecimal; eax is 1, ebx 2, ecx 3, edx 4). For
 * each its description, then how it compares with each document, without and
 * with FAIL. At the end the baseline of each document with the next one, with
 * all flags. cpu_compare.py runs it beside libvirt.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cpu/cpu.h"
#include "file.h"

#define WORDS_MAX 32

static size_t
read_words(const char *line, struct cpuid_word *words)
{
	size_t n = 0;
	unsigned int reg;
	int used;

	while (n < WORDS_MAX && sscanf(line, " %x:%x:%x:%x%n", &words[n].leaf,
	    &words[n].sub, &reg, &words[n].value, &used) == 4) {
		words[n++].reg = (enum cpuid_register)reg;
		line += used;
	}
	return n;
}

static void
show_error(struct error *err)
{
	(void)printf("error: %s\n", err->message);
	error_release(err);
}

static void
show_host(const struct cpu_host *host)
{
	struct cpu_set more;
	const char *name;

	more = cpu_set_minus(&host->features, &host->model->features);
	(void)printf("<cpu>\n  <arch>%s</arch>\n  <model>%s</model>\n",
	    host->arch->name, host->model->name);
	for (size_t i = 0; (name = cpu_x86_feature_name(i)) != NULL; i++) {
		if (cpu_set_has(&more, i))
			(void)printf("  <feature name='%s'/>\n", name);
	}
	(void)printf("</cpu>\n");
}

static void
compare(const struct cpu_host *host, const char *document)
{
	struct error err = ERROR_INIT;
	int result;

	for (unsigned int flags = 0; flags <= CPU_COMPARE_FAIL; flags++) {
		if (cpu_compare(host, document, flags, &result, &err) != 0)
			show_error(&err);
		else
			(void)printf("%d\n", result);
	}
}

static void
baseline(char *const *documents, size_t n)
{
	const unsigned int all = CPU_BASELINE_EXPAND | CPU_BASELINE_MIGRATABLE;
	struct error err = ERROR_INIT;
	char *out;

	for (unsigned int flags = 0; flags <= all; flags++) {
		if (cpu_baseline(documents, n, flags, &out, &err) != 0)
			show_error(&err);
		else
			(void)printf("%s", out);
		free(out);
	}
}

int
main(int argc, char **argv)
{
	struct cpu_host host = { .arch = cpu_arch_find("x86_64") };
	char **documents = calloc((size_t)argc, sizeof(*documents));
	struct cpuid_word words[WORDS_MAX];
	struct error err = ERROR_INIT;
	char line[4096];
	int n = argc - 1;

	if (documents == NULL)
		return 2;
	for (int i = 0; i < n; i++) {
		struct buf text = BUF_INIT;

		if (file_read(argv[i + 1], 1 << 20, &text, &err) != 0)
			return 2;
		documents[i] = buf_detach(&text);
	}
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (cpu_host_decode(&host, words, read_words(line, words),
		    &err) != 0) {
			show_error(&err);
			continue;
		}
		show_host(&host);
		for (int i = 0; i < n; i++)
			compare(&host, documents[i]);
	}
	for (int i = 0; i + 1 < n; i++)
		baseline(documents + i, 2);
	for (int i = 0; i < n; i++)
		free(documents[i]);
	free(documents);
	return 0;
}
