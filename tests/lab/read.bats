#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is read from a real Xen: the host, domains that xl made, their figures.

load ../helpers/common
load lab

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'xl create -q /guests/idle.cfg "name=\"one\"" &&
	    xl create -q -p /guests/idle.cfg "name=\"two\""'
}

teardown_file() {
	load ../helpers/common
	load lab
	lab_clean
}

@test "the host: version, CPUs, memory as xl tells them" {
	run lab_xvsh 'version; hostname; uri; maxvcpus'
	[ $status -eq 0 ]
	has "Running hypervisor: Xen 4.17.0"
	has "$LAB_NAME"
	run lab_xvsh nodeinfo
	[ $status -eq 0 ]
	mem=$(dom0 "xl info total_memory")
	kib=$(sed -n 's/^Memory size: *\([0-9]*\) KiB/\1/p' <<<"$output")
	[ $((kib / 1024)) -eq "$mem" ]
	[ "$(sed -n 's/^CPU(s): *//p' <<<"$output")" = \
	    "$(dom0 'xl info nr_cpus')" ]
	run lab_xvsh 'nodecpumap; nodememstats; nodecpustats; freecell --all'
	[ $status -eq 0 ]
	has "CPUs present:   2"
	has "CPUs online:    2"
	has "total"
	has "idle:"
}

@test "capabilities name the guests that Xen runs" {
	run lab_xvsh capabilities
	[ $status -eq 0 ]
	python3 - "$output" <<-'END'
	import sys
	import xml.etree.ElementTree as et
	top = et.fromstring(sys.argv[1])
	assert top.tag == 'capabilities'
	assert top.find('host/cpu/arch').text == 'x86_64'
	assert len(top.findall('host/topology/cells/cell/cpus/cpu')) == 2
	guests = [(g.find('os_type').text, g.find('arch').get('name'))
	          for g in top.findall('guest')]
	for kind in ('xen', 'hvm', 'xenpvh'):
	    assert (kind, 'x86_64') in guests, guests
	END
}

# The words of CPUID from xl, through the tables that cpu_compare.py has
# compared with libvirt's; SYSENTER is what Xen hides on AMD.
@test "the host's CPU is what its words of CPUID and QEMU's options say" {
	local words sep=800 f
	read -ra words < <(dom0 'xl info hw_caps' | tr : ' ')
	words[0]=$(printf %x $((0x${words[0]} | 0x$sep)))
	"$BUILD/tests/unit/cpu_tool" >"$BATS_TEST_TMPDIR/words" <<-END
	1:0:4:${words[0]} 1:0:3:${words[1]} 80000001:0:4:${words[2]} \
	80000001:0:3:${words[3]} d:1:1:${words[4]} 7:0:2:${words[5]} \
	7:0:3:${words[6]} 80000007:0:4:${words[7]}
	END
	lab_xvsh capabilities | sed -n '/<cpu>/,/<\/cpu>/p' |
	    grep -E "<(model|feature name)" >"$BATS_TEST_TMPDIR/said"
	sed -n 's/^  \(<model\|<feature\)/      \1/p' \
	    "$BATS_TEST_TMPDIR/words" | diff - "$BATS_TEST_TMPDIR/said"
	lab_xvsh capabilities >"$BATS_TEST_TMPDIR/host.xml"
	run lab_xvsh "cpu-compare $BATS_TEST_TMPDIR/host.xml"
	[ $status -eq 0 ]
	has "is identical to host CPU"
	run lab_xvsh "cpu-baseline $BATS_TEST_TMPDIR/host.xml --features"
	[ $status -eq 0 ]
	# npt is in none of these words.
	for f in $(pgrep -af -- "-name xvsh-lab-$LAB_NAME " |
	    grep -o 'qemu64,[^ ]*' | grep -o '+[^,]*' | grep -vx '+npt'); do
		f=${f#+}
		has "name='${f/pclmulqdq/pclmuldq}'"
	done
	echo "<cpu><model>486</model><feature policy='forbid' name='lm'/></cpu>" \
	    >"$BATS_TEST_TMPDIR/none.xml"
	run lab_xvsh "cpu-compare --error $BATS_TEST_TMPDIR/none.xml"
	[ $status -ne 0 ]
	has "Host CPU provides forbidden features: lm"
}

@test "domains of xl's are listed with their states" {
	run lab_xvsh list
	[ $status -eq 0 ]
	grep -qE '^ 0 +Domain-0 +running$' <<<"$output"
	grep -qE '^ [0-9]+ +one +running$' <<<"$output"
	grep -qE '^ [0-9]+ +two +paused$' <<<"$output"
	[ "$(dom0 'xl domid one')" = "$(lab_xvsh domid one)" ]
	[ "$(lab_xvsh domstate two --reason)" = "paused (user)" ]
	run lab_xvsh list --state-paused --name
	[ "$output" = two ]
	run lab_xvsh list --persistent --name
	[ "$output" = Domain-0 ]
}

@test "a look-up by id, name and UUID finds the same" {
	id=$(dom0 'xl domid one')
	uuid=$(lab_xvsh domuuid one)
	[ "$uuid" = "$(dom0 "xl vm-list" | awk '$3 == "one" { print $1 }')" ]
	[ "$(lab_xvsh domname "$id")" = one ]
	[ "$(lab_xvsh domname "$uuid")" = one ]
	run lab_xvsh domid nobody
	[ $status -ne 0 ]
	has "failed to get domain 'nobody'"
	run lab_xvsh dominfo 9999
	[ $status -ne 0 ]
	has "failed to get domain '9999'"
}

@test "figures of a domain are those of xl" {
	run lab_xvsh dominfo one
	[ $status -eq 0 ]
	has "OS Type:        xen"
	has "State:          running"
	has "Max memory:     8192 KiB"
	has "Persistent:     no"
	run lab_xvsh 'vcpuinfo one; vcpucount one; schedinfo one; dommemstat one'
	[ $status -eq 0 ]
	has "VCPU:           0"
	has "CPU Affinity:   yy"
	has "Scheduler      : credit2"
	has "weight         : 256"
	has "actual"
}

@test "weight, cap and pins that are set are those that xl sees" {
	run lab_xvsh 'schedinfo one --set weight=512 cap=50; vcpupin one 0 1'
	[ $status -eq 0 ]
	run dom0 'xl sched-credit2 -d one'
	[[ "${lines[1]}" =~ 512\ +50$ ]]
	[ "$(dom0 'xl vcpu-list one' | awk 'NR == 2 { print $7 }')" = 1 ]
	run lab_xvsh vcpupin one
	[[ "$output" =~ 0\ +1$ ]]
	run lab_xvsh schedinfo one --set weight=70000
	[ $status -ne 0 ]
	has "weight 70000 is not within 1 to 65535"
}

@test "statistics of all domains come in one call" {
	run lab_xvsh domstats
	[ $status -eq 0 ]
	[ "$(grep -c '^Domain:' <<<"$output")" -eq 3 ]
	has "state.state=1"
	has "balloon.maximum=8192"
	has "vcpu.0.time="
	has "net.count=0"
	has "block.count=0"
	run lab_xvsh domstats --state two
	[ "$output" = "Domain: 'two'
  state.state=3
  state.reason=1" ]
}

@test "figures of a domain that does not run" {
	dom0 'xvsh define /guests/pv.xml'
	run lab_xvsh domstats --list-inactive
	dom0 'xvsh undefine pv'
	[ $status -eq 0 ]
	[ "$output" = "Domain: 'pv'
  state.state=5
  state.reason=0
  balloon.current=131072
  balloon.maximum=131072
  vcpu.current=1
  vcpu.maximum=1" ]
}

@test "the XML of a domain that xl made" {
	run lab_xvsh dumpxml one
	[ $status -eq 0 ]
	has "<domain type='xen' id='$(dom0 'xl domid one')'>"
	has "<name>one</name>"
	has "<uuid>$(lab_xvsh domuuid one)</uuid>"
	has "<memory unit='KiB'>8192</memory>"
	has "<kernel>/guests/idle</kernel>"
}

@test "the control domain is told of like any other" {
	run lab_xvsh 'dumpxml Domain-0; dominfo Domain-0'
	[ $status -eq 0 ]
	has "<name>Domain-0</name>"
	has "UUID:           00000000-0000-0000-0000-000000000000"
	has "State:          running"
}

@test "in the control domain xen:/// needs not be named" {
	run dom0 'xvsh uri'
	[ $status -eq 0 ]
	[ "$output" = xen:/// ]
}

@test "a domain without a name, or that xl is building, is told as such" {
	id=$(dom0 'xl domid two')
	dom0 "xenstore-rm /local/domain/$id/name;
	    mv /var/lib/xen/userdata-d.$id.*.libxl-json /tmp/json"
	run lab_xvsh list
	grep -qE "^ $id +\(null\) +paused\$" <<<"$output"
	[ "$(lab_xvsh domstate "$id" --reason)" = "paused (starting up)" ]
	run lab_xvsh domid '(null)'
	[ $status -ne 0 ]
	dom0 "xenstore-write /local/domain/$id/name two;
	    mv /tmp/json /var/lib/xen/userdata-d.$id.$(lab_xvsh domuuid "$id").libxl-json"
	[ "$(lab_xvsh domstate two --reason)" = "paused (user)" ]
}

@test "stock virsh reads it all through our helper" {
	run timeout 120 virsh -c "$(lab_uri)" \
	    'list; dominfo one; dumpxml one; domstats one; nodeinfo'
	[ $status -eq 0 ]
	grep -qE '^ [0-9]+ +two +paused$' <<<"$output"
	has "OS Type:        xen"
	has "<name>one</name>"
	has "Domain: 'one'"
}

@test "without xenstored, without rights: one clear line" {
	run dom0 'chmod 755 /root 2>/dev/null; setpriv --reuid 65534 \
	    --clear-groups xvsh -c xen:/// list'
	[ $status -ne 0 ]
	has "only root may use the Xen hypervisor of this host"
	run dom0 'mv /run/xenstored/socket /run/xenstored/away;
	    unshare -m sh -c "mount --bind /dev/null /dev/xen/xenbus &&
		xvsh -c xen:/// list"; mv /run/xenstored/away \
		/run/xenstored/socket'
	has "xenstored"
	[ "$(grep -c . <<<"$output")" -le 2 ]
}
