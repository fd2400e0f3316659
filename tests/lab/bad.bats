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
	# All that there is of domains; with few processes, each takes long.
	cat >/data/bad/there <<-"END"
	xl list | while read -r name id rest; do echo "$name $id"; done
	xenstore-ls -f / | grep -oE -e "^/(xvm|vm|libxl)/[^ ]+" \
	    -e "^/local/domain/[1-9][^ ]*" \
	    -e "^/local/domain/0/backend/[a-z0-9]+/[1-9][^ ]*" \
	    -e "^/local/domain/0/device-model/[1-9][^ ]*"
	for i in /var/lib/xen/* /run/xen/* /run/xvm/* /var/lib/xvm/* \
	    /sys/block/loop*/loop /sys/class/net/*; do
		echo "$i"
	done
	grep -E "qemu|virtd" /proc/[0-9]*/comm
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

# bats test_tags=long
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

# bats test_tags=long
@test "what a fully virtual guest needs, and is not there" {
	refused "/none/qemu" \
	    's,<emulator>.*<,<emulator>/none/qemu<,' /guests/hvm.xml
	refused "cannot read disk '/none/hvm.img': No such file or directory" \
	    's,/data/images/hvm.img,/none/hvm.img,' /guests/hvm.xml
	refused "/none/rom" 's,<loader .*>.*<,<loader>/none/rom<,' \
	    /guests/hvm.xml
}

# bats test_tags=long
@test "too much memory, no bridge" {
	refused "not enough free memory on the host" 's,>8<,>80000<,'
	refused "Could not find bridge device nobr" "$(devices "$(vif nobr)")"
}

# bats test_tags=long
@test "a device twice" {
	refused xvda "$(devices \
	    "$(disk /data/bad/a.img xvda)$(disk /data/images/pv.img xvda)")"
	refused twice "$(devices "$(vif xenbr0 '<target dev="twice"/>'
	    )$(vif xenbr0 '<target dev="twice"/>')")"
}

@test "a name or a UUID that is in use" {
	local uuid=b3a2f0c4-5f0e-4e5f-9a49-0d6f37a7a00b

	dom0 'xvsh create /data/bad/bad.xml'
	refused "domain 'bad' is already active"
	refused "domain 'bad' already exists with uuid $uuid" 's,a00b<,a00c<,'
	refused "domain 'bad' is already defined with uuid $uuid" \
	    's,<name>bad,&2,'
	run dom0 'xvsh define /data/bad/try.xml 2>&1'
	[ $status -eq 1 ]
	has "domain 'bad' is already defined with uuid $uuid"
	dom0 'xvsh destroy bad'
}

# one_line TEXT COMMAND: it fails and says TEXT, once, behind what failed.
one_line() {
	run dom0 "$2 2>&1"
	echo "$output"
	[ $status -eq 1 ]
	[ ${#lines[@]} -le 2 ]
	[[ "${lines[-1]}" == "error: "*"$1"* ]]
}

@test "no Xen, nobody who may use it" {
	one_line "this host does not run under Xen" 'unshare -m sh -c "
	    for d in /dev/xen /proc/xen /sys/hypervisor; do
		mount -t tmpfs none \$d
	    done
	    xvsh -c xen:/// list"'
	one_line "only root may use the Xen hypervisor of this host" \
	    'setpriv --reuid nobody --clear-groups xvsh -c xen:/// list'
}

@test "no xenstored" {
	local command

	dom0 'cp -a /dev/xen /dev/no-store && rm /dev/no-store/xenbus*
	    mkdir /data/bad/proc && cp /proc/xen/capabilities /data/bad/proc'
	for command in list domstats "dominfo bad" "define /data/bad/bad.xml" \
	    "create /data/bad/bad.xml"; do
		one_line xenstore "unshare -m sh -c '
		    mount -t tmpfs none /run/xenstored
		    mount --bind /dev/no-store /dev/xen
		    mount --bind /data/bad/proc /proc/xen
		    xvsh $command'"
	done
	dom0 'rm -r /dev/no-store; xl list | wc -l' | grep -x 2
}
