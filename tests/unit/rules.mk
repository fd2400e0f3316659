# SPDX-License-Identifier: LGPL-2.1-or-later
# Unit tests: tests/unit/NAME_test.c is a program (cmocka), run by `make unit`.
# They link an archive of lib/*.o, of which the linker takes what is used.

UNIT_LIB := $(BUILD)/tests/unit/lib.a
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*_test.c))

$(UNIT_LIB): $(filter-out $(BUILD)/obj/lib/test/%,$(LIB_OBJ))
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(UNIT_LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(UNIT_LIB) \
	    $(TIRPC_LIBS) -lcmocka

# The helper's server, with a driver of the test's own.
UNIT_SERVER := $(filter-out %/drivers.o %/libxvm.o,$(CLIENT_OBJ) $(SERVER_OBJ))
$(BUILD)/tests/unit/server_test: $(BUILD)/obj/tests/unit/server_test.o \
	$(UNIT_SERVER) $(UNIT_LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(TIRPC_LIBS) -lcmocka

.SECONDARY: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/unit/*.c))
.PHONY: unit
unit: $(UNIT_TESTS)	## run the unit tests
	@for t in $^; do $$t || exit 1; done

# calls_bytes_test watches what is allocated; tests/wire asks
# calls_dump for the table.
$(BUILD)/tests/unit/calls_bytes_test: private ALL_LDFLAGS += -Wl,--wrap=malloc \
	-Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=free
$(BUILD)/tests/unit/calls_bytes_test: | $(BUILD)/tests/unit/calls_dump

# domain_xml_compare.py and devices_compare.sh run it beside stock.
$(BUILD)/tests/unit/domain_xml_tool: private ALL_LDFLAGS += \
	-Wl,-rpath,'$$ORIGIN/../../xvm'
$(BUILD)/tests/unit/domain_xml_tool: | $(BUILD)/xvm/xvm-xml.so
$(BUILD)/tests/unit/calls_bytes_test: | $(BUILD)/tests/unit/domain_xml_tool

# What lib/xen has of its own for xenstore needs no hypervisor.
$(BUILD)/tests/unit/xen_store_test: $(BUILD)/obj/tests/unit/xen_store_test.o \
	$(call obj,lib/xen/store.c lib/xen/store_batch.c) $(UNIT_LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(TIRPC_LIBS) -lcmocka

# xen_config.py runs it: Xen's configurations need no hypervisor.
XEN_CONFIG_SRC := lib/xen/domain_caps.c $(filter-out %/native_call.c, \
	$(wildcard lib/xen/libxl/config*.c lib/xen/libxl/native*.c))
$(BUILD)/tests/unit/xen_config_tool: $(BUILD)/obj/tests/unit/xen_config_tool.o \
	$(call obj,$(XEN_CONFIG_SRC)) $(UNIT_LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,-rpath,'$$ORIGIN/../../xvm' \
	    -o $@ $^ $(TIRPC_LIBS) -lxenlight -lxlutil -ljson-c
$(BUILD)/tests/unit/calls_bytes_test: | $(BUILD)/tests/unit/xen_config_tool

# cpu_compare.py runs it beside libvirt.
$(BUILD)/tests/unit/cpu_tool: private ALL_LDFLAGS += \
	-Wl,-rpath,'$$ORIGIN/../../xvm'
$(BUILD)/tests/unit/cpu_tool: | $(BUILD)/xvm/xvm-xml.so
$(BUILD)/tests/unit/calls_bytes_test: | $(BUILD)/tests/unit/cpu_tool
