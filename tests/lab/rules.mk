# SPDX-License-Identifier: LGPL-2.1-or-later
# A real Xen under QEMU: see README.md beside this.

LAB_PACKAGES := qemu-system-x86 squashfs-tools cpio kmod xz-utils e2fsprogs \
	util-linux binutils netcat-openbsd syslinux mtools dosfstools

HOSTS ?= 1

.PHONY: lab
lab: all	## boot a real Xen (HOSTS=2: two) and a shell beside it
	@BUILD=$(BUILD) tests/lab/lab try $(HOSTS)

.PHONY: lab-down
lab-down:	## end what `make lab' booted
	@BUILD=$(BUILD) tests/lab/lab down

.PHONY: check-lab
check-lab: all $(BUILD)/tests/unit/cpu_tool	## run the lab's tests that are quick, on a real Xen
	@tests/run.sh lab $(BUILD)

.PHONY: check-lab-full
check-lab-full: all $(BUILD)/tests/unit/cpu_tool	## run all of the lab's tests
	@tests/run.sh lab-full $(BUILD)

.PHONY: lab-table
lab-table: all	## try every command on a real Xen, write the README's table
	@LAB_TABLE=yes BUILD=$(abspath $(BUILD)) TOP=$(CURDIR) \
	    XVSH=$(abspath $(BUILD))/xvsh LC_ALL=C.UTF-8 \
	    bats --filter-tags long tests/lab/commands.bats
