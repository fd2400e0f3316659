# SPDX-License-Identifier: LGPL-2.1-or-later
# xvsh: `make help` lists what there is.

VERSION := 0.1.0
SONAME := libxvm.so.0

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
BINDIR ?= $(PREFIX)/bin
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
SYSCONFDIR ?= /etc
DESTDIR ?=

# SANITIZE=1 builds and tests everything with ASan and UBSan, in its own tree.
ifdef SANITIZE
BUILD ?= build/sanitize
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
else
BUILD ?= build
OPT := -O2 -g -D_FORTIFY_SOURCE=2
endif

CC ?= cc
WARN := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes \
	-Wwrite-strings -Wshadow -Wpointer-arith -Wformat=2 -Wvla \
	-Wno-missing-field-initializers
ifdef CI
WARN += -Werror
endif
TIRPC_CFLAGS := -isystem /usr/include/tirpc
# The static one: the shared one would bring Kerberos, eight libraries.
# But ASan wraps XDR functions, and behind a static one would find those of the
# C library, with another layout.
ifdef SANITIZE
TIRPC_LIBS = -ltirpc
else
TIRPC_LIBS = $(shell $(CC) -print-file-name=libtirpc.a)
endif
ALL_CFLAGS := -std=gnu17 $(OPT) $(WARN) -fno-common -fPIC \
	-fstack-protector-strong -fvisibility=hidden -pthread \
	-ffile-prefix-map=$(CURDIR)=. \
	-D_GNU_SOURCE -DXVSH_VERSION='"$(VERSION)"' \
	-iquote lib -iquote $(BUILD)/gen -iquote cmd -iquote tunnel $(CFLAGS)
RUNPATH := $$ORIGIN/xvm:$$ORIGIN/../lib/xvm:$(LIBDIR)/xvm
ALL_LDFLAGS := -pthread -Wl,-z,relro,-z,now,-z,defs -Wl,--as-needed \
	-Wl,-rpath,'$(RUNPATH)' -Wl,--enable-new-dtags $(LDFLAGS)

# --- what is made of what ---------------------------------------------------
LIB_SRC := $(filter-out lib/xml_libxml2.c,$(wildcard lib/*.c lib/cpu/*.c \
	lib/domain/*.c lib/test/*.c))
TUNNEL_CLIENT_SRC := $(wildcard $(addprefix tunnel/,drivers.c libxvm.c message.c \
	keepalive.c remote.c remote_open.c remote_stream.c remote_wire.c \
	transport.c target.c quote.c ssh.c \
	unix.c ext.c spawn.c fd_stream.c visible.c persist.c sha1.c))
# The embedded ssh; what of it does not need libssh2 is in files of its own.
SSH2_SRC := $(wildcard tunnel/ssh2*.c tunnel/ssh_*.c $(addprefix tunnel/,\
	known_hosts.c ask.c base64.c))
TUNNEL_SERVER_SRC := $(filter-out $(TUNNEL_CLIENT_SRC) $(SSH2_SRC) \
	tunnel/virtd.c,$(wildcard tunnel/*.c))
CMD_SRC := $(wildcard cmd/*.c)
SHELL_SRC := $(filter-out shell/line.c,$(wildcard shell/*.c))

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
XDR_OBJ := $(BUILD)/obj/gen/calls_xdr.o
LIB_OBJ := $(call obj,$(LIB_SRC)) $(XDR_OBJ)
CLIENT_OBJ := $(call obj,$(TUNNEL_CLIENT_SRC))
SERVER_OBJ := $(call obj,$(TUNNEL_SERVER_SRC))
GEN := $(BUILD)/gen/xvm-calls.h

TARGETS := $(BUILD)/xvsh $(BUILD)/libxvm.so $(BUILD)/xvm/xvm-xml.so \
	$(BUILD)/xvm/xvm-line.so $(BUILD)/xvm/xvm-xen.so $(BUILD)/xvm/xvm-libxl.so
ifneq ($(wildcard tunnel/virtd.c),)
TARGETS += $(BUILD)/virtd
endif
ifneq ($(wildcard tunnel/ssh2.c),)
TARGETS += $(BUILD)/xvm/xvm-ssh2.so
endif

.PHONY: all
all: $(TARGETS)	## build everything into build/

$(BUILD)/xvsh: $(call obj,$(SHELL_SRC) $(CMD_SRC)) $(LIB_OBJ) $(CLIENT_OBJ)
	$(CC) $(ALL_CFLAGS) -pie $(ALL_LDFLAGS) -o $@ $^ $(TIRPC_LIBS) -ljson-c

$(BUILD)/virtd: $(call obj,tunnel/virtd.c) $(LIB_OBJ) $(CLIENT_OBJ) $(SERVER_OBJ)
	$(CC) $(ALL_CFLAGS) -pie $(ALL_LDFLAGS) -o $@ $^ $(TIRPC_LIBS)

$(BUILD)/libxvm.so: $(BUILD)/$(SONAME)
	ln -sf $(SONAME) $@
$(BUILD)/$(SONAME): $(LIB_OBJ) $(CLIENT_OBJ) lib/libxvm.map
	$(CC) $(ALL_CFLAGS) -shared $(ALL_LDFLAGS) -Wl,-soname,$(SONAME) \
	    -Wl,--version-script,lib/libxvm.map -Wl,--exclude-libs,ALL \
	    -o $@ $(LIB_OBJ) $(CLIENT_OBJ) $(TIRPC_LIBS)

$(BUILD)/xvm/xvm-xml.so: $(call obj,lib/xml_libxml2.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -shared $(ALL_LDFLAGS) -o $@ $^ -lxml2
# Of the library a module takes what it needs.
$(BUILD)/obj/lib.a: $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^
$(BUILD)/xvm/xvm-xen.so: $(call obj,$(wildcard lib/xen/*.c)) $(BUILD)/obj/lib.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -shared $(ALL_LDFLAGS) -Wl,--exclude-libs,ALL \
	    -o $@ $^ $(TIRPC_LIBS) -lxenctrl -lxenstore
# What both of Xen's modules have.
XEN_SHARED := $(addprefix lib/xen/,child_wire.c defined.c defined_change.c \
	domain_caps.c helper.c marks.c partial.c posted.c process.c \
	userdata.c watch_start.c)
$(BUILD)/xvm/xvm-libxl.so: $(call obj,$(wildcard lib/xen/libxl/*.c) \
	$(XEN_SHARED)) $(BUILD)/obj/lib.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -shared $(ALL_LDFLAGS) -Wl,--exclude-libs,ALL \
	    -o $@ $^ $(TIRPC_LIBS) -lxenlight -lxlutil -lxenctrl -lxenstore \
	    -lxentoollog -ljson-c
$(BUILD)/xvm/xvm-line.so: $(call obj,shell/line.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -shared $(ALL_LDFLAGS) -o $@ $^ -lreadline
$(BUILD)/xvm/xvm-ssh2.so: $(call obj,$(SSH2_SRC)) $(LIB_OBJ) \
	$(call obj,$(filter-out %/drivers.c %/libxvm.c %/message.c \
	%/remote.c %/remote_open.c %/remote_stream.c %/remote_wire.c,$(TUNNEL_CLIENT_SRC)))
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -shared $(ALL_LDFLAGS) -Wl,--exclude-libs,ALL \
	    -o $@ $^ $(TIRPC_LIBS) -lssh2

-include tests/unit/rules.mk tests/fuzz/rules.mk tests/lab/rules.mk

# --- the contract, by rpcgen ------------------------------------------------
# The header that users see has neither rpc types nor prototypes.
$(BUILD)/gen/xvm-calls.h: lib/calls.x Makefile
	@mkdir -p $(@D)
	rm -f $@.raw && rpcgen -h -o $@.raw lib/calls.x
	sed -e '/^#include <rpc/c #include <stdint.h>' \
	    -e '/the xdr functions/,/#endif .* K&R C/d' \
	    -e 's/\bu_quad_t\b/uint64_t/; s/\bquad_t\b/int64_t/' \
	    -e 's/\bu_int\b/unsigned int/; s/\bu_char\b/unsigned char/' \
	    -e 's/\bu_short\b/unsigned short/' \
	    -e 's/_XVM-CALLS.H.*_RPCGEN/XVM_CALLS_H/' \
	    $@.raw >$@.tmp
	rm -f $@.raw && mv $@.tmp $@
$(BUILD)/gen/calls_xdr.c: lib/calls.x Makefile
	@mkdir -p $(@D)
	rm -f $@ $@.raw && rpcgen -c -o $@.raw lib/calls.x
	sed -e 's,^#include "lib/calls.h",#include "call_xdr.h",' $@.raw >$@
	rm -f $@.raw
$(XDR_OBJ): $(BUILD)/gen/calls_xdr.c $(GEN)
	@mkdir -p $(@D)
	$(CC) $(filter-out -Werror,$(ALL_CFLAGS)) -w $(TIRPC_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/lib/call.o $(BUILD)/obj/lib/call_xdr.o: ALL_CFLAGS += $(TIRPC_CFLAGS)
$(BUILD)/obj/lib/xml_libxml2.o: ALL_CFLAGS += -isystem /usr/include/libxml2

$(BUILD)/obj/%.o: %.c $(GEN) Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# --- what must be there -----------------------------------------------------
BUILD_PACKAGES := gcc libc6-dev make pkg-config rpcsvc-proto libtirpc-dev \
	libxml2-dev libreadline-dev libssh2-1-dev libjson-c-dev libxen-dev
TEST_PACKAGES := bats libcmocka-dev clang clang-format mandoc tmux valgrind \
	gdb python3 libvirt-clients libvirt-daemon libvirt-dev \
	python3-libvirt libsys-virt-perl openssh-server openssh-client \
	netcat-openbsd virtinst ruby-libvirt tshark libvirt-wireshark sudo
PACKAGES = $(BUILD_PACKAGES) $(TEST_PACKAGES) $(LAB_PACKAGES)
MISSING = $(shell for p in $(PACKAGES); do \
	dpkg-query -Wf '$${db:Status-Abbrev}' $$p 2>/dev/null | \
	grep -q '^ii' || echo $$p; done)

.PHONY: deps
deps:	## install the Debian packages that building and testing need
	@missing="$(MISSING)"; [ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" != 0 ]; then \
	    echo "missing packages; as root run:"; \
	    echo "  apt-get update && apt-get install -y $$missing"; exit 1; \
	fi; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing

# These bring what they need; the first thing built waits for it.
ifneq ($(filter demo check% fuzz bench lab,$(MAKECMDGOALS)),)
$(GEN) $(BUILD)/gen/calls_xdr.c: | deps
endif

# --- using and testing it ---------------------------------------------------
.PHONY: demo
demo: all	## a shell on the built-in test hypervisor
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BUILD)/xvsh -c test:///default; \
	else exec tests/tour.sh $(BUILD)/xvsh; fi

.PHONY: check
check: all $(UNIT_TESTS)	## run the tests (SANITIZE=1: with ASan and UBSan)
	@tests/run.sh check $(BUILD)

BENCH := $(addprefix $(BUILD)/tests/,calls constant peak)
.PHONY: bench
bench: all $(BENCH)	## time it beside virsh and libvirtd, print the ratios
	@python3 tests/bench/bench.py $(BUILD)/xvsh $(BUILD)/tests/peak; \
	rc=$$?; python3 tests/bench/tunnel.py $(BUILD) && exit $$rc

$(BUILD)/tests/constant $(BUILD)/tests/peak: $(BUILD)/tests/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(OPT) $(WARN) -o $@ $<
$(BUILD)/tests/calls: tests/bench/calls.c $(BUILD)/libxvm.so $(GEN)
	@mkdir -p $(@D)
	$(CC) $(OPT) $(WARN) -iquote $(BUILD)/gen -o $@ $< -L$(BUILD) -lxvm \
	    -Wl,-rpath,'$$ORIGIN/..'

.PHONY: check-full
check-full: all $(UNIT_TESTS) $(BENCH)	## check, then sanitizers, valgrind, fuzzing, faults
	@tests/run.sh full $(BUILD)

.PHONY: check-ci
check-ci: all $(UNIT_TESTS) $(BENCH)	## check-full and check-lab, counted together
	@tests/run.sh full,lab $(BUILD)

# --- installing -------------------------------------------------------------
MAN := $(wildcard man1/*.1)

.PHONY: install
install: all	## install into DESTDIR$(PREFIX)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/xvm \
	    $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR) \
	    $(DESTDIR)$(MANDIR)/man1 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(BUILD)/xvsh $(DESTDIR)$(BINDIR)/xvsh
	install -m 755 $(BUILD)/virtd $(DESTDIR)$(LIBDIR)/virtd
	ln -sfr $(DESTDIR)$(LIBDIR)/virtd $(DESTDIR)$(BINDIR)/virtd
	install -m 644 $(BUILD)/$(SONAME) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libxvm.so
	install -m 644 $(wildcard $(BUILD)/xvm/*.so) $(DESTDIR)$(LIBDIR)/xvm/
	install -m 644 lib/xvm.h lib/xvm-constants.h $(BUILD)/gen/xvm-calls.h \
	    $(DESTDIR)$(INCLUDEDIR)/
	sed -e 's,@PREFIX@,$(PREFIX),; s,@LIBDIR@,$(LIBDIR),' \
	    -e 's,@INCLUDEDIR@,$(INCLUDEDIR),; s,@VERSION@,$(VERSION),' \
	    lib/libxvm.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/libxvm.pc
	[ -z "$(MAN)" ] || install -m 644 $(MAN) $(DESTDIR)$(MANDIR)/man1/
	install -m 644 shell/xvsh.bash-completion \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/xvsh
	for u in virtd.service virtd.socket virtd-autostart.service; do \
	    sed -e 's,@LIBDIR@,$(LIBDIR),' tunnel/$$u.in \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/$$u || exit 1; \
	done

# Stock clients run a helper of that name on the target: make it ours, unless
# there is one.
.PHONY: install-helper-link
install-helper-link:	## let stock clients find virtd as virt-ssh-helper
	@if [ -e $(DESTDIR)$(BINDIR)/virt-ssh-helper ] && \
	    [ "$$(readlink -f $(DESTDIR)$(BINDIR)/virt-ssh-helper)" != \
	    "$$(readlink -f $(DESTDIR)$(LIBDIR)/virtd)" ]; then \
	    echo "$(DESTDIR)$(BINDIR)/virt-ssh-helper is another file: left alone"; \
	    exit 1; \
	fi
	ln -sfr $(DESTDIR)$(LIBDIR)/virtd $(DESTDIR)$(BINDIR)/virt-ssh-helper

.PHONY: uninstall
uninstall:	## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/xvsh $(DESTDIR)$(BINDIR)/virtd \
	    $(DESTDIR)$(LIBDIR)/virtd $(DESTDIR)$(LIBDIR)/libxvm.so \
	    $(DESTDIR)$(LIBDIR)/$(SONAME) $(DESTDIR)$(LIBDIR)/xvm/xvm-*.so \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/libxvm.pc \
	    $(addprefix $(DESTDIR)$(INCLUDEDIR)/,xvm.h xvm-constants.h \
	    xvm-calls.h) $(addprefix $(DESTDIR)$(MANDIR)/,$(MAN:man1/%=man1/%)) \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/xvsh \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/virtd.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/virtd-autostart.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/virtd.socket
	[ ! -L $(DESTDIR)$(BINDIR)/virt-ssh-helper ] || \
	    rm $(DESTDIR)$(BINDIR)/virt-ssh-helper
	-rmdir $(DESTDIR)$(LIBDIR)/xvm

# Only what a change touches: what was laid out by hand stays.
SINCE ?= HEAD
.PHONY: format
format:	## lay out the lines of C that were changed (SINCE=REV: since then)
	git clang-format --quiet --force --extensions c,h $(SINCE)
	git ls-files -z -o --exclude-standard '*.[ch]' | \
	    xargs -0 -r clang-format -i

.PHONY: help
help:	## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile \
	    tests/*/rules.mk | \
	    expand -t 24

.PHONY: clean
clean:	## remove what was built
	rm -rf build
