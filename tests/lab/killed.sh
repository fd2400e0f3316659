#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs in the control domain: kills one of our processes in the middle of an
# operation and looks at what became of it; see killed.bats.
#
# killed.sh measure
# killed.sh point OPERATION VICTIM PERCENT
#
# OPERATION: create start destroy shutdown define undefine rename.
# VICTIM: client, helper (what it talks to), builder (the helper's child that
# changes domains), watcher; or a system call, "rename:2": the process that is
# about to do the second of them. PERCENT: when, of the time that the operation
# took when it was measured.
work=/data/killed
uri='xen+ext:///?command=/usr/local/lib/virtd'
uuid=b3a2f0c4-5f0e-4e5f-9a49-0d6f37a7a006
mkdir -p $work
[ -p $work/pause ] || mkfifo $work/pause
exec 9<>$work/pause

# Without a process of its own: those are slow here.
pause() {
	read -rt "$1" -u 9
	:
}

now() {
	echo $((${EPOCHREALTIME/./} / 1000))
}

here() {
	timeout 60 xvsh -c xen:/// "$@" 2>/dev/null
}

# The guest is Linux with a disk and an interface where it is to shut down.
write_documents() {
	cat >$work/idle.xml <<-END
	<domain type="xen">
	  <name>killed</name>
	  <uuid>$uuid</uuid>
	  <memory unit="MiB">8</memory>
	  <vcpu>1</vcpu>
	  <os><type>linux</type><kernel>/guests/idle</kernel></os>
	</domain>
	END
	sed "s,<name>.*</name>,<name>killed</name><uuid>$uuid</uuid>," \
	    /guests/pv.xml >$work/linux.xml
}

booted() {
	grep -aq 'GUEST READY' /var/log/xen/console/guest-killed.log
}

# patiently SECONDS COMMAND...
patiently() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		pause 0.3
	done
}

# What is before an operation.
prepare() {
	rm -f /var/log/xen/console/guest-killed.log
	case $1 in
	start | undefine | rename) here define $work/idle.xml ;;
	destroy) here create $work/idle.xml ;;
	shutdown)
		here create $work/linux.xml && patiently 100 booted ;;
	esac >/dev/null
}

# run URI OPERATION: as its only process.
run() {
	local words
	case $2 in
	create | define) words=("$2" $work/idle.xml) ;;
	start | destroy | shutdown | undefine) words=("$2" killed) ;;
	rename) words=(domrename killed killed2) ;;
	esac
	exec timeout -k 5 90 "${tracer[@]}" xvsh -c "$1" "${words[@]}"
}

is_running() {
	xl domid killed >/dev/null 2>&1
}

is_defined() {
	here dumpxml --inactive "$1" >/dev/null
}

# Is what the operation wants so?
reached() {
	case $1 in
	create | start) is_running ;;
	destroy | shutdown) ! is_running ;;
	define) is_defined killed ;;
	undefine) ! is_defined killed ;;
	rename) is_defined killed2 && ! is_defined killed ;;
	esac
}

# The first child of a process, any of whose threads may be its parent; the
# kernel's lists have no newline.
child_of() {
	local list
	child=''
	for list in /proc/"${1:-none}"/task/*/children; do
		[ -n "$child" ] || read -r child _ <"$list"
	done
	:
} 2>/dev/null

# The victim's process, when it is there.
find_victim() {
	child=$2
	case $1 in
	watcher) child=$(pgrep -f '^/usr/local/lib/virtd --watch') ;;
	helper) child_of "$2" ;;
	builder) child_of "$2" && child_of "$child" ;;
	esac
	victim=$child
}

# strike VICTIM CLIENT MILLISECONDS START: kill it then, or when it is there.
strike() {
	local victim=''
	while [ $(($(now) - $4)) -lt "$3" ]; do
		pause 0.02
	done
	while [ -z "$victim" ] && [ -e "/proc/$2" ]; do
		find_victim "$1" "$2"
		[ -n "$victim" ] || pause 0.02
	done
	[ -z "$victim" ] || kill -KILL $victim 2>/dev/null
}

quiet() {
	! pgrep -f 'virtd( --libxl|$)|^xvsh' >/dev/null
}

# What is in xenstore, in files, in processes that should not be.
traces() {
	xenstore-ls -f / | awk -F ' = ' '
	    $1 ~ "^/(xvm|vm|libxl|local/domain)/" &&
	    $1 !~ "^/(libxl|local/domain)/0(/|$)" &&
	    $1 !~ "^/vm/00000000-0000-0000-0000-000000000000" ||
	    $1 ~ "^/local/domain/0/(backend|device-model)/[a-z0-9]*/?[1-9]"'
	ls /var/lib/xen | grep '^userdata-' | grep -v '^userdata-d\.0\.'
	# The next change finishes a rename, and takes away a file half written.
	ls -A /etc/xvm/domains 2>/dev/null | grep -v '^killed2\?\.xml$' |
	    grep -v "${1-nothing}"
	losetup -a
	xl list | awk 'NR > 2'
}

clean() {
	[ -z "$(traces)" ] && ! pgrep -f 'virtd|^xvsh' >/dev/null
}

# Is it wholly there or wholly gone? Says which.
whole() {
	local id mark half='^\.renaming$\|\.xml\.......$'
	if ! is_running; then
		patiently 20 eval '[ -z "$(traces "$half")" ]' ||
		    { echo "gone, but: $(traces "$half" | head -n 20)"
		    return 1; }
		echo gone
		return
	fi
	id=$(xl domid killed)
	mark=$(xenstore-read /xvm/$uuid 2>&1)
	case $mark in
	"phase=running domid=$id "*) ;;
	*) echo "there, but its mark: $mark"; return 1 ;;
	esac
	case $(here domstate killed) in
	running*) ;;
	*) echo "there, but $(here domstate killed)"; return 1 ;;
	esac
	[ -e "/var/lib/xen/userdata-d.$id.$uuid.libxl-json" ] &&
	    [ -e "/var/lib/xen/userdata-d.$id.$uuid.libvirt-xml" ] ||
	    { echo "there, but userdata: $(ls /var/lib/xen)"; return 1; }
	echo there
}

# Every file is a whole document of one domain.
parse_files() {
	local f
	for f in /etc/xvm/domains/*.xml; do
		[ -e "$f" ] || continue
		f=${f##*/}
		here dumpxml --inactive "${f%.xml}" | grep -q '^</domain>' ||
		    { echo "$f cannot be read"; return 1; }
	done
}

clear_away() {
	is_running && { here destroy killed || xl destroy killed; }
	is_defined killed && here undefine killed
	is_defined killed2 && here undefine killed2
	:
} >/dev/null

point() {
	local op=$1 victim=$2 percent=$3 start client status state ms
	tracer=()
	prepare "$op" || { echo "cannot prepare $op"; return 1; }
	start=$(now)
	case $victim in
	*:*)
		tracer=(strace -f -o /dev/null -e "trace=${victim%:*}"
		    -e "inject=${victim%:*}:signal=KILL:when=${victim#*:}")
		run "$uri" "$op" >$work/said 2>&1 &
		;;
	*)
		run "$uri" "$op" >$work/said 2>&1 &
		client=$!
		ms=$(($(cat "$work/$op.ms" 2>/dev/null || echo 300) *
		    percent / 100))
		# run's process is timeout's: ours is its child.
		child=''
		while [ -z "$child" ] && [ -e "/proc/$client" ]; do
			child_of "$client"
			[ -n "$child" ] || pause 0.01
		done
		strike "$victim" "$child" "$ms" "$start" ;;
	esac
	wait $! 2>/dev/null
	status=$?
	patiently 100 quiet || { echo "still busy: $(ps ax)"; return 1; }
	# Half a domain of a killed builder is the watcher's, if it lives; else
	# the next change's.
	patiently 5 eval '! xenstore-ls /xvm 2>/dev/null |
	    grep -Eq "phase=(building|ending)"' ||
	    here resume 0
	patiently 60 quiet
	tracer=()
	# A guest that was asked in time takes some to shut down.
	[ "$op" != shutdown ] || patiently 30 eval '! is_running'
	state=$(whole) || { echo "$state"; return 1; }
	parse_files || return 1
	if [ "$op" = shutdown ]; then
		# It was asked, or it was not: then it is asked again.
		reached "$op" || (run xen:/// "$op") >$work/again 2>&1
		patiently 60 reached "$op"
	else
		reached "$op" || (run xen:/// "$op") >$work/again 2>&1
	fi
	reached "$op" || {
		echo "$state; a second $op: $(cat $work/again)"
		return 1
	}
	parse_files && whole >$work/whole ||
	    { echo "after a second $op: $(cat $work/whole)"; return 1; }
	clear_away
	patiently 30 clean ||
	    { echo "left: $(traces; pgrep -af 'virtd|^xvsh')"; return 1; }
	echo "$op, $victim at $percent %: status $status, $state"
}

measure() {
	local op start
	tracer=()
	for op in create start destroy define; do
		prepare $op
		start=$(now)
		(run "$uri" $op) >/dev/null 2>&1 || return 1
		echo $(($(now) - start)) >$work/$op.ms
		clear_away
	done
	cp $work/define.ms $work/undefine.ms
	cp $work/define.ms $work/rename.ms
	echo 3000 >$work/shutdown.ms
	head $work/*.ms
}

write_documents
case $1 in
measure) measure ;;
point) point "$2" "$3" "$4" ;;
esac
