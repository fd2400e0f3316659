# SPDX-License-Identifier: LGPL-2.1-or-later
# Fuzzing. A target is tests/fuzz/NAME_fuzz.c with its inputs in
# tests/fuzz/corpus/NAME/ and, if it needs any, arguments for libFuzzer in
# FUZZ_ARGS_NAME. `make fuzz FUZZ_SECONDS=30` runs each that long, with ASan and
# UBSan, and fails on a finding; `make fuzz-corpus` runs the kept inputs alone.
# New inputs gather in $(BUILD)/fuzz/corpus/NAME; `make fuzz-keep` adds those
# that reach something new to the kept ones.

FUZZ_SECONDS ?= 60
FUZZ_CC ?= clang
FUZZ_NAMES := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_ARGS := -timeout=60 -rss_limit_mb=2048 -max_len=16384 \
	-print_final_stats=1 $(if $(FUZZ_SEED),-seed=$(FUZZ_SEED))
# 16 bytes of memory a byte of input, and room.
FUZZ_ARGS_calls := -malloc_limit_mb=1

FUZZ_CFLAGS := -std=gnu17 -O1 -g -w -fno-omit-frame-pointer -fno-common -pthread \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-ffile-prefix-map=$(CURDIR)/= -D_GNU_SOURCE \
	-DXVSH_VERSION='"$(VERSION)"' -iquote lib -iquote $(BUILD)/gen -iquote cmd -iquote tunnel -iquote shell \
	$(TIRPC_CFLAGS) -isystem /usr/include/libxml2
FUZZ_SRC := $(LIB_SRC) $(CMD_SRC) $(filter-out shell/main.c,$(SHELL_SRC)) \
	$(filter-out tunnel/virtd.c $(wildcard tunnel/ssh2*.c),$(wildcard tunnel/*.c)) \
	lib/xen/store.c lib/xen/store_batch.c $(XEN_CONFIG_SRC)
FUZZ_LIB := $(BUILD)/fuzz/lib.a
CORPUS_LIB := $(BUILD)/tests/fuzz/lib.a
# The shared libtirpc: clang's ASan wraps XDR functions, and would find those of
# the C library, with another layout, behind the static one.
FUZZ_LIBS = -ltirpc -ljson-c -Wl,--as-needed -lxenlight -lxlutil
# Documents are read by a module, which is looked for beside the program.
FUZZ_MODULE := $(BUILD)/fuzz/xvm/xvm-xml.so

$(BUILD)/fuzz/obj/%.o: %.c $(GEN) tests/fuzz/rules.mk
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/obj/gen/calls_xdr.o: $(BUILD)/gen/calls_xdr.c $(GEN)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -w -c -o $@ $<
$(FUZZ_LIB): $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(FUZZ_SRC)) \
	$(BUILD)/fuzz/obj/gen/calls_xdr.o
	rm -f $@ && ar rcs $@ $^

$(FUZZ_MODULE): $(BUILD)/fuzz/obj/lib/xml_libxml2.o
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -shared -o $@ $< -lxml2

# One program for libFuzzer, one that runs a corpus.
$(BUILD)/fuzz/%_fuzz: $(BUILD)/fuzz/obj/tests/fuzz/%_fuzz.o $(FUZZ_LIB) | \
    $(FUZZ_MODULE)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_LIB) \
	    $(FUZZ_LIBS)
$(CORPUS_LIB): $(call obj,$(FUZZ_SRC)) $(XDR_OBJ)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^
$(BUILD)/tests/fuzz/%_corpus: $(BUILD)/obj/tests/fuzz/%_fuzz.o \
	$(BUILD)/obj/tests/fuzz/corpus.o $(CORPUS_LIB) | $(BUILD)/xvm/xvm-xml.so
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,-rpath,'$$ORIGIN/../../xvm' \
	    -o $@ $^ $(TIRPC_LIBS) -ljson-c -Wl,--as-needed -lxenlight -lxlutil
.SECONDARY: $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(wildcard tests/fuzz/*.c)) \
	$(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/fuzz/*.c))
-include $(shell find $(BUILD)/fuzz -name '*.d' 2>/dev/null)

.PHONY: fuzz fuzz-corpus fuzz-keep $(FUZZ_NAMES:%=fuzz-%)
fuzz: $(FUZZ_NAMES:%=fuzz-%)	## run each fuzz target FUZZ_SECONDS long
$(FUZZ_NAMES:%=fuzz-%): fuzz-%: $(BUILD)/fuzz/%_fuzz
	@mkdir -p $(BUILD)/fuzz/corpus/$*
	@$< $(FUZZ_ARGS) $(FUZZ_ARGS_$*) -max_total_time=$(FUZZ_SECONDS) \
	    -artifact_prefix=$(BUILD)/fuzz/$*- $(BUILD)/fuzz/corpus/$* \
	    tests/fuzz/corpus/$* >$(BUILD)/fuzz/$*.log 2>&1 || \
	    { tail -n 60 $(BUILD)/fuzz/$*.log; echo "not ok - fuzz $*"; exit 1; }
	@echo "ok - fuzz $*:" $$(sed -n 's/^stat::number_of_executed_units: /runs /p; \
	    s/^INFO: seed corpus: /seeds /p' $(BUILD)/fuzz/$*.log)

fuzz-corpus: $(FUZZ_NAMES:%=$(BUILD)/tests/fuzz/%_corpus)
	@for n in $(FUZZ_NAMES); do \
	    $(BUILD)/tests/fuzz/$${n}_corpus tests/fuzz/corpus/$$n || exit 1; \
	done

fuzz-keep: $(FUZZ_NAMES:%=$(BUILD)/fuzz/%_fuzz)	## keep what fuzzing found
	@for n in $(FUZZ_NAMES); do \
	    $(BUILD)/fuzz/$${n}_fuzz -merge=1 -use_counters=0 \
		-max_len=4096 \
		tests/fuzz/corpus/$$n $(BUILD)/fuzz/corpus/$$n || exit 1; \
	done
