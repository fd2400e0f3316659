#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What cannot be started: one error that names the thing, with libxl's reason
# and nothing else of libxl's, and nothing is left behind.

load ../helpers/common
load lab

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'mkdir -p /data/bad && truncate -s 8M /data/bad/a.img
	cat >/data/bad/bad.xml <<-END
	<domain type="xen">
	  <name>bad</name>
	  <uuid>b3a2f0c4-5f0e-4e5f-9a49-0d6f37a7a00b</uuid>
	  <memory unit="MiB">8</memory>
	  <vcpu>1</vcpu>
	  <os><type>linux</type><kernel>/guests/idle</kernel></os>
	</domain>
	END
	# All that there is of domains, except of the one that controls.
	cat >/data/bad/there <<-"END"
	xl list | awk "NR > 2 { print $1, $2 }"
	xenstore-ls -f / | cut -d" " -f1 | grep -E -e "^/(xvm|vm)/." \
	    -e "^/(libxl|local/domain)/[1-9]" \
	    -e "^/local/domain/0/(backend|device-model)/[a-z0-9]+/[1-9]" |
	    grep -v "^/vm/00000000-"
	ls /var/lib/xen /run/xen /run/xvm /var/lib/xvm
	losetup -a; ls /sys/class/net; pgrep -a "qemu|virtd"
	END
	# Files that stay: locks, the history of ids.
	xvsh create /data/bad/bad.xml && xvsh destroy bad
	while pgrep virtd; do sleep 0.2; done'
}

teardown_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'rm -rf /data/bad'
}

# refused TEXT [SED-EXPRESSION [FILE]]: the document changed so is not started,
# with TEXT in the second of the two lines that there are, and nothing stays.
refused() {
	run dom0 "cd /data/bad
	    sh there >before 2>/dev/null
	    sed '${2-}' ${3-bad.xml} >try.xml
	    xvsh create /data/bad/try.xml 2>&1
	    echo \$?
	    for i in \$(seq 100); do
		# The watcher of domains, too, goes with the last.
		sh there 2>/dev/null >after
		cmp -s before after && break
		sleep 0.2
	    done
	    diff before after"
	echo "$output"
	[ ${#lines[@]} -eq 3 ]
	[ "${lines[0]}" = \
	    "error: Failed to create domain from /data/bad/try.xml" ]
	[[ "${lines[1]}" == "error: "*"$1"* ]]
	[ "${lines[2]}" = 1 ]
	[ $status -eq 0 ]
}

# devices XML: a change that adds them.
devices() {
	echo "s,</domain>,<devices>$1</devices></domain>,"
}

disk() {
	echo "<disk type=\"${3-file}\"><driver name=\"phy\"/><source ${4-file}=\"$1\"/><target dev=\"$2\"/></disk>"
}

vif() {
	echo "<interface type=\"bridge\"><source bridge=\"$1\"/>${2-}</interface>"
}

@test "files that are not there" {
	refused "cannot read kernel '/none/k': No such file or directory" \
	    's,/guests/idle,/none/k,'
	refused "cannot read initrd '/none/i': No such file or directory" \
	    's,</kernel>,&<initrd>/none/i</initrd>,'
	refused "/none/d.img" "$(devices "$(disk /none/d.img xvda)")"
	refused "/dev/none" "$(devices "$(disk /dev/none xvda block dev)")"
	refused "cannot run bootloader '/none/loader': No such file" \
	    's,<os>.*</os>,<bootloader>/none/loader</bootloader><os><type>linux</type></os>,;'"$(devices "$(disk /data/bad/a.img xvda)")"
}

@test "what a fully virtual guest needs, and is not there" {
	refused "/none/qemu" \
	    's,<emulator>.*<,<emulator>/none/qemu<,' /guests/hvm.xml
	refused "cannot read disk '/none/hvm.img': No such file or directory" \
	    's,/data/images/hvm.img,/none/hvm.img,' /guests/hvm.xml
	refused "/none/rom" 's,<loader .*>.*<,<loader>/none/rom<,' \
	    /guests/hvm.xml
}

@test "too much memory, no bridge" {
	refused "not enough free memory on the host" 's,>8<,>80000<,'
	refused "Could not find bridge device nobr" "$(devices "$(vif nobr)")"
}

@test "a device twice" {
	refused xvda "$(devices \
	    "$(disk /data/bad/a.img xvda)$(disk /data/images/pv.img xvda)")"
	refused twice "$(devices "$(vif xenbr0 '<target dev="twice"/>'
	    )$(vif xenbr0 '<target dev="twice"/>')")"
}
