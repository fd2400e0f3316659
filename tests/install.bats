#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# make install, the library as others use it, make uninstall.

load helpers/common

setup_file() {
	export ROOT=$BATS_FILE_TMPDIR/root
	make -s -C "$TOP" BUILD="$BUILD" DESTDIR="$ROOT" PREFIX=/usr install >&2
}

compile() {
	PKG_CONFIG_SYSROOT_DIR=$ROOT PKG_CONFIG_PATH=$ROOT/usr/lib/pkgconfig \
	    "$@" $(PKG_CONFIG_SYSROOT_DIR=$ROOT \
	    PKG_CONFIG_PATH=$ROOT/usr/lib/pkgconfig pkg-config --cflags --libs libxvm) \
	    $SANITIZE_FLAGS
}

setup() {
	SANITIZE_FLAGS=
	if nm -D "$BUILD/libxvm.so" | grep -q __asan; then
		SANITIZE_FLAGS="-fsanitize=address,undefined"
	fi
}

@test "all is where it belongs" {
	for f in bin/xvsh lib/virtd bin/virtd lib/libxvm.so lib/libxvm.so.0 \
	    lib/xvm/xvm-xml.so lib/xvm/xvm-line.so include/xvm.h \
	    include/xvm-calls.h include/xvm-constants.h lib/pkgconfig/libxvm.pc \
	    share/man/man1/xvsh.1 share/bash-completion/completions/xvsh; do
		[ -e "$ROOT/usr/$f" ] || { echo "missing: $f"; return 1; }
	done
	[ "$(readlink -f "$ROOT/usr/bin/virtd")" = "$(readlink -f "$ROOT/usr/lib/virtd")" ]
}

@test "the installed shell finds its modules" {
	run timeout 20 "$ROOT/usr/bin/xvsh" -c test:///default 'dumpxml test'
	[ $status -eq 0 ]
	has "<name>test</name>"
}

@test "the library exports xvm_ functions and nothing else" {
	run bash -c "nm -D --defined-only '$ROOT/usr/lib/libxvm.so' | awk '\$2 != \"A\" { print \$3 }' | grep -v '^xvm_'"
	same ""
	objdump -p "$ROOT/usr/lib/libxvm.so" | grep -q 'SONAME *libxvm.so.0'
}

@test "the README's example builds against the installed library, in C and C++" {
	for cc in "cc -std=c99 -Wall -Wextra -Werror -pedantic" "c++ -x c++ -Wall -Wextra -Werror"; do
		compile $cc -o "$BATS_TEST_TMPDIR/example" "$TOP/tests/data/example.c"
		LD_LIBRARY_PATH=$ROOT/usr/lib run timeout 20 "$BATS_TEST_TMPDIR/example"
		[ $status -eq 0 ]
		same "1 test"
		LD_LIBRARY_PATH=$ROOT/usr/lib run timeout 20 "$BATS_TEST_TMPDIR/example" \
		    "test+ext:///default?command=$BUILD/virtd"
		[ $status -eq 0 ]
		same "1 test"
		LD_LIBRARY_PATH=$ROOT/usr/lib run timeout 20 "$BATS_TEST_TMPDIR/example" nonsense
		[ $status -eq 1 ]
	done
}

@test "batches, events and errors of the library" {
	compile cc -std=gnu17 -Wall -Werror -o "$BATS_TEST_TMPDIR/use" "$TOP/tests/data/use_library.c"
	for uri in test:///default "test+ext:///default?command=$BUILD/virtd"; do
		LD_LIBRARY_PATH=$ROOT/usr/lib run timeout 20 "$BATS_TEST_TMPDIR/use" "$uri"
		echo "$output"
		[ $status -eq 0 ]
	done
}

@test "the README has the example as it is tested" {
	sed -n '/^#include <stdio.h>/,/^}/p' "$TOP/tests/data/example.c" >"$BATS_TEST_TMPDIR/code"
	sed -n '/^#include <stdio.h>/,/^}/p' "$TOP/README.md" | diff "$BATS_TEST_TMPDIR/code" -
	# And the command that is shown.
	sed -n '/^#include "values.h"/,/^};/p' "$TOP/README.md" |
	    diff <(tail -n +3 "$TOP/cmd/host_sev.c") -
}

@test "the helper's link is made, and no other file is replaced" {
	make -s -C "$TOP" BUILD="$BUILD" DESTDIR="$ROOT" PREFIX=/usr install-helper-link
	make -s -C "$TOP" BUILD="$BUILD" DESTDIR="$ROOT" PREFIX=/usr install-helper-link
	run timeout 20 "$XVSH" -c "test+ext:///default?command=$ROOT/usr/bin/virt-ssh-helper" list
	[ $status -eq 0 ]
	rm "$ROOT/usr/bin/virt-ssh-helper"
	echo mine >"$ROOT/usr/bin/virt-ssh-helper"
	run make -s -C "$TOP" BUILD="$BUILD" DESTDIR="$ROOT" PREFIX=/usr install-helper-link
	[ $status -ne 0 ]
	[ "$(cat "$ROOT/usr/bin/virt-ssh-helper")" = mine ]
	rm "$ROOT/usr/bin/virt-ssh-helper"
}

@test "the units are shipped, and nothing enables them" {
	grep -q "ExecStart=/usr/lib/virtd --listen" "$ROOT/usr/lib/systemd/system/virtd.service"
	grep -q "ExecStart=/usr/lib/virtd --autostart" "$ROOT/usr/lib/systemd/system/virtd-autostart.service"
	run find "$ROOT" -path '*.wants/*'
	same ""
}

@test "uninstall leaves nothing" {
	make -s -C "$TOP" BUILD="$BUILD" DESTDIR="$ROOT" PREFIX=/usr uninstall
	run find "$ROOT" ! -type d
	same ""
}

@test "bash completion asks the program" {
	run bash -c "PATH='$BUILD':\$PATH; source '$TOP/shell/xvsh.bash-completion'
	    compopt() { :; }
	    COMP_WORDS=(xvsh -c test:///default domin); COMP_CWORD=3; _xvsh; echo \"\${COMPREPLY[@]}\"
	    COMP_WORDS=(xvsh -c test:///default dominfo ''); COMP_CWORD=4; _xvsh; echo \"\${COMPREPLY[@]}\"
	    COMP_WORDS=(xvsh -c test:///default dominfo --); COMP_CWORD=4; _xvsh; echo \"\${COMPREPLY[@]}\"
	    COMP_WORDS=(xvsh --ti); COMP_CWORD=1; _xvsh; echo \"\${COMPREPLY[@]}\""
	[ $status -eq 0 ]
	[ "${lines[0]}" = dominfo ]
	[ "${lines[1]}" = test ]
	[ "${lines[2]}" = "--domain --help --json" ]
	[ "${lines[3]}" = "--timeout --timing" ]
}
