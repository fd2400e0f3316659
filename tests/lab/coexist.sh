#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs in the control domain: xl and xvsh at work at the same time, each on
# domains that it made itself and on the other's; see coexist.bats.
#
# coexist.sh SEED ROUNDS
#
# In each round one operation by xl and one by xvsh run at once, on two domains
# of eight, and then both must say of all domains what the operations made of
# them. Prints a line for every disagreement; the last line counts.
RANDOM=$1
rounds=$2
work=/data/coexist
mkdir -p $work
operations=0 wrong=0

# What the domains are expected to be, by number: absent, running, paused; and
# their memory in MiB.
for n in {0..7}; do
	state[n]=absent memory[n]=8
	sed "s,<name>.*</name>,<name>both$n</name>," /guests/idle.xml \
	    >$work/$n.xml
done

complain() {
	echo "round $round: $*"
	wrong=$((wrong + 1))
}

# act WHO NUMBER OPERATION: do it.
act() {
	local name=both$2
	case $1.$3 in
	xl.make) xl create -q /guests/idle.cfg "name=\"$name\"" ;;
	xl.destroy) xl destroy "$name" ;;
	xl.pause) xl pause "$name" ;;
	xl.resume) xl unpause "$name" ;;
	xl.shrink) xl mem-set "$name" 6m ;;
	xl.grow) xl mem-set "$name" 8m ;;
	xl.look) xl list -l "$name" | grep -q "\"name\": \"$name\"" ;;
	xvsh.make) xvsh create "$work/$2.xml" ;;
	xvsh.destroy) xvsh destroy "$name" ;;
	xvsh.pause) xvsh suspend "$name" ;;
	xvsh.resume) xvsh resume "$name" ;;
	xvsh.shrink) xvsh setmem "$name" 6M ;;
	xvsh.grow) xvsh setmem "$name" 8M ;;
	xvsh.look) xvsh dumpxml "$name" | grep -q "<name>$name</name>" ;;
	esac
}

# choose NUMBER: an operation that is possible, and what it makes of the domain.
choose() {
	local choices
	case ${state[$1]} in
	absent) choices=(make) ;;
	running) choices=(destroy pause shrink grow look) ;;
	paused) choices=(destroy resume look) ;;
	esac
	operation=${choices[RANDOM % ${#choices[@]}]}
	case $operation in
	make) state[$1]=running memory[$1]=8 ;;
	destroy) state[$1]=absent ;;
	pause) state[$1]=paused ;;
	resume) state[$1]=running ;;
	shrink) memory[$1]=6 ;;
	grow) memory[$1]=8 ;;
	esac
}

# "NAME STATE" of all, as expected, as xl and as xvsh say.
expected() {
	for n in {0..7}; do
		[ ${state[n]} = absent ] || echo "both$n ${state[n]}"
	done
}

by_xl() {
	xl list | awk 'NR > 2 {
		print $1, ($5 ~ /p/ ? "paused" : $5 ~ /[sdc]/ ? $5 : "running")
	}' | sort
}

by_xvsh() {
	xvsh list | awk '$1 ~ /^[1-9]/ { print $2, $3 }' | sort
}

# The targets of their memory, as xl set them and as ours shows them.
check_memory() {
	local n kib
	for n in {0..7}; do
		[ ${state[n]} != absent ] || continue
		kib=$(xvsh dumpxml "both$n" --xpath /domain/currentMemory |
		    sed 's/[^>]*>\([0-9]*\).*/\1/')
		[ "$kib" = $((memory[n] * 1024)) ] ||
		    complain "both$n: $kib KiB, not ${memory[n]} MiB"
	done
}

for ((round = 1; round <= rounds; round++)); do
	a=$((RANDOM % 8)) b=$(((a + 1 + RANDOM % 7) % 8))
	choose $a
	first=$operation
	choose $b
	second=$operation
	act xl $a "$first" >$work/xl.said 2>&1 &
	act xvsh $b "$second" >$work/xvsh.said 2>&1 ||
	    complain "xvsh $second both$b: $(cat $work/xvsh.said)"
	wait $! || complain "xl $first both$a: $(cat $work/xl.said)"
	operations=$((operations + 2))
	want=$(expected)
	[ "$(by_xl)" = "$want" ] ||
	    complain "xl $first $a, xvsh $second $b: xl: $(by_xl); not $want"
	[ "$(by_xvsh)" = "$want" ] || complain \
	    "xl $first $a, xvsh $second $b: xvsh: $(by_xvsh); not $want"
	[ $((round % 10)) -ne 0 ] || check_memory
done
# Each ends what is left of the other's, as it comes.
for n in {0..7}; do
	[ ${state[n]} = absent ] && continue
	if [ $((n % 2)) -eq 0 ]; then
		act xl $n destroy
	else
		act xvsh $n destroy
	fi >/dev/null || complain "cannot destroy both$n"
done
rm -rf $work
echo "$operations operations, $wrong disagreements"
[ $wrong -eq 0 ]
