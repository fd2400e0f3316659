# SPDX-License-Identifier: LGPL-2.1-or-later
# What a test on a real Xen needs, beside ../helpers/common. Everything has a
# limit; LAB_SLOW multiplies those (2: twice as long).

LAB=$TOP/tests/lab/lab
slow=${LAB_SLOW:-1}

# dom0 COMMAND: run by the control domain's shell.
dom0() {
	timeout $((120 * slow)) "$LAB" ssh "$LAB_NAME" "$@" </dev/null 3>&-
}

# lab_uri [SCHEME [PATH]]
lab_uri() {
	"$LAB" uri "$LAB_NAME" "$@"
}

# lab_xvsh ARGUMENT...: ours, from outside, on the real hypervisor.
lab_xvsh() {
	timeout $((120 * slow)) "$XVSH" -c "$(lab_uri)" "$@" 3>&-
}

# patiently SECONDS COMMAND...: until it succeeds, or the host's console.
patiently() {
	local limit=$(($1 * slow)) end
	end=$((SECONDS + limit))
	shift
	until "$@" >/dev/null 2>&1; do
		if [ $SECONDS -ge $end ]; then
			echo "after $limit s still not: $*"
			echo "--- the console of $LAB_NAME:"
			"$LAB" log "$LAB_NAME" | tail -n 30
			return 1
		fi
		sleep 2
	done
}

# said GUEST TEXT: its console said so since it was started.
said() {
	dom0 "grep -aq -- '$2' /var/log/xen/console/guest-$1.log"
}

# gone GUEST
gone() {
	! dom0 "xl domid $1"
}

# No guest is left, nor what it said. A few at a time: every call has a limit.
lab_clean() {
	local left tries
	for ((tries = 0; tries < 20; tries++)); do
		left=$(dom0 'for d in $(xl list |
		    awk "NR > 1 && \$2 > 0 { print \$2 }" | head -n 12); do
			xl destroy $d
		done
		xl list | tail -n +3 | wc -l')
		[ "$left" != 0 ] || break
	done
	dom0 'rm -f /var/log/xen/console/guest-*.log'
	[ "$left" = 0 ]
}
