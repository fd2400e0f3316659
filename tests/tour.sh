#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# tour.sh XVSH: what `make demo` shows where there is no terminal.
xvsh="$1 -c test:///default"
show() {
	echo "\$ xvsh $*"
	$xvsh "$@" || exit 1
}
show list --all
show dominfo test
show 'suspend test; domstate test --reason; resume test'
show dumpxml test
show list --json
show help monitor
