#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Does the manual say all that the programs have, and no more? Prints nothing
# when it does, else a line a fault. XVSH: the shell to compare with.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${XVSH:=build/xvsh}"
page=man1/xvsh.1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# missing LABEL WANTED PRESENT: lines of WANTED that are not in PRESENT.
missing() {
	LC_ALL=C sort -u "$2" >"$work/a"
	LC_ALL=C sort -u "$3" | LC_ALL=C comm -23 "$work/a" - | sed "s|^|$1: |"
}

# section PAGE NAME: the lines of a section.
section() {
	awk -v name="$2" '/^\.Sh / { on = substr($0, 5) == name } on' "$1"
}

# flags: the options in lines of mdoc, with their dashes.
flags() {
	grep -E '^\.' | grep -oE '\bFl( -?[A-Za-z][A-Za-z-]*)?' | sed 's/^Fl /-/'
}

# --- the pages themselves ----------------------------------------------------
# What depends on which other manuals this machine has is not a fault.
for p in man1/*.1; do
	mandoc -Tlint "$p" 2>/dev/null | grep -v 'referenced manual not found'
done

# --- commands and their options ----------------------------------------------
"$XVSH" help --json >"$work/help" || { echo "$XVSH does not run"; exit 0; }
# The hidden ones are in the manual as well.
{ grep -oE '"name":"[^"]*"' "$work/help" | cut -d'"' -f4
  echo self-test; echo complete; } >"$work/commands"
section $page COMMANDS | awk '
	/^\.It Xo$/ { begun = 1; next }
	begun && /^\.Ic / { print $2 }
	/^\.It Ic / { print $3 }
	{ begun = 0 }' >"$work/documented"
missing "command without a place in $page" "$work/commands" "$work/documented"
missing "$page has a command that xvsh lacks" "$work/documented" \
    "$work/commands"

sed 's/^/help /' "$work/commands" | paste -sd';' >"$work/script"
"$XVSH" --json "$(cat "$work/script")" | awk '
	/^\{/ { c = ""
		while (match($0, /"name":"[^"]*"/)) {
			name = substr($0, RSTART + 8, RLENGTH - 9)
			$0 = substr($0, RSTART + RLENGTH)
			if (c == "")
				c = name
			else
				print c, name
		} }' >"$work/options"
section $page COMMANDS | awk '
	/^\.It Xo$/ { begun = 1; next }
	begun && /^\.Ic / { c = $2 }
	/^\.It Ic / { c = $3 }
	{ begun = 0 }
	/^\./ { for (i = 1; i < NF; i++)
		if ($i == "Fl" || $i == ".Fl" || $i == "Ar" || $i == ".Ar") {
			o = $(i + 1); sub(/^-/, "", o); print c, o } }' \
    >"$work/documented"
[ -s "$work/options" ] || echo "no options in help --json"
missing "option without a place in $page" "$work/options" "$work/documented"
# Synopses name no option that the command lacks.
section $page COMMANDS | awk '
	/^\.It Xo$/ { begun = on = 1; next }
	begun && /^\.Ic / { c = $2 }
	{ begun = 0 }
	/^\.Xc/ { on = 0 }
	on && /^\.Op Fl / { o = $3; sub(/^-/, "", o); print c, o }' \
    >"$work/documented"
missing "$page has an option that xvsh lacks" "$work/documented" \
    "$work/options"

# --- options of the programs -------------------------------------------------
# program_options FILE: of a getopt_long table and its string.
program_options() {
	grep -oE '\{ "[a-z-]+", (no|required|optional)_argument' "$1" |
	    sed -E 's/.*"(.*)".*/--\1/'
	tr '\n\t' '  ' <"$1" | grep -oE 'getopt_long\([^;]*' |
	    grep -oE '"[+:A-Za-z]+"' | tr -d '"+:' | fold -w1 | sed 's/^/-/'
}
program_options shell/main.c >"$work/wanted"
section $page DESCRIPTION | flags >"$work/documented"
[ -s "$work/wanted" ] || echo "no options in shell/main.c"
missing "option of xvsh without a place in $page" "$work/wanted" \
    "$work/documented"
missing "$page has an option of the program that it lacks" \
    "$work/documented" "$work/wanted"
program_options tunnel/virtd.c >"$work/wanted"
section man1/virtd.1 DESCRIPTION | flags >"$work/documented"
[ -s "$work/wanted" ] || echo "no options in tunnel/virtd.c"
missing "option of virtd without a place in man1/virtd.1" "$work/wanted" \
    "$work/documented"
missing "man1/virtd.1 has an option that virtd lacks" "$work/documented" \
    "$work/wanted"

# --- parameters of URIs ------------------------------------------------------
{ sed -n '/own_params\[\] = {/,/};/p' tunnel/transport.c |
    grep -oE '"[a-z_]+"'
  grep -ohE 'uri_param\(uri, "[a-z_]+"|param_number\(uri, "[a-z_]+"' tunnel/*.c |
    grep -oE '"[a-z_]+"'
} | tr -d '"' >"$work/wanted"
section $page "CONNECTION URIS" | grep -E '^\.It (Cm|Ar)' | tr ' ' '\n' \
    >"$work/documented"
missing "URI parameter without a place in $page" "$work/wanted" \
    "$work/documented"

# --- environment -------------------------------------------------------------
# variables FILE...: those that are read, by name or from a list of names.
variables() {
	grep -lE 'getenv\(' "$@" /dev/null | while read -r f; do
		grep -oE 'getenv\("[A-Z_]+"|"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+"' "$f" |
		    grep -oE '[A-Z][A-Z0-9_]+'
	done
}
environment() {
	for p in "$@"; do
		section "$p" ENVIRONMENT
	done | grep -E '^\.(It )?Ev' | tr ' ,' '\n\n'
}
variables cmd/*.c shell/*.c >"$work/wanted"
environment $page >"$work/documented"
missing "variable without a place in $page" "$work/wanted" "$work/documented"
variables lib/*.c lib/*/*.c tunnel/*.c >"$work/wanted"
environment man1/*.1 >"$work/documented"
missing "variable without a place in man1" "$work/wanted" "$work/documented"

# --- keys of JSON ------------------------------------------------------------
# "COMMAND KEY" and, as any command's, "* KEY".
section $page "JSON OUTPUT" | awk '
	/^\.It Ic / { c = $3 }
	/^\.Va / { for (i = 2; i <= NF; i++) { print c, $i; print "*", $i } }' \
    >"$work/documented"
# Text that looks like a key but is none: names of key codes and signals,
# architectures, files' words, parameters whose key has a unit besides; and
# what a file prints for the commands of another one.
cat >"$work/others" <<-END
	cmd/device_attach.c xml
	* control_d
	* disk_caches
	* last_update
	* os_x
	* read_bytes_sec_max_length
	* read_iops_sec_max_length
	* sig_kill
	* size_iops_sec
	* ssh_persist
	* swap_in
	* swap_out
	* total_bytes_sec_max_length
	* total_iops_sec_max_length
	* uri_default
	* write_bytes_sec_max_length
	* write_iops_sec_max_length
	* x86_64
	* xt_kbd
END
# A key that a file names where it is printed is that of one of the commands in
# the file, or anybody's where it has none; one from a table or a helper, known
# by its underscore, is anybody's.
awk -v page=$page '
	FILENAME == ARGV[1] { documented[$0]; next }
	FILENAME == ARGV[2] { excused[$0] = 1; next }
	FNR == 1 { finish() }
	{ file = FILENAME; text = text " " $0 }
	END {
		finish()
		for (w in excused)
			if (!(w in used))
				print "tests/man.sh excuses a word that is not there: " w
	}

	# The next piece of s that matches, taken off it; "": none.
	function take(re) {
		if (!match(s, re))
			return ""
		piece = substr(s, RSTART, RLENGTH)
		s = substr(s, RSTART + RLENGTH)
		return piece
	}
	function check(key, own,   n, i, c) {
		n = own == "" ? split("*", c, " ") : split(own, c, " ")
		for (i = 1; i <= n; i++)
			if ((c[i] " " key) in documented)
				return
		if ((file " " key) in excused)
			used[file " " key]
		else
			print "key of " file " without a place in " page ": " key
	}
	# The text of a piece that ends with a quoted word.
	function last_word(p) {
		sub(/"[^"]*$/, "", p)
		sub(/.*"/, "", p)
		return p
	}
	function finish(   own, p, columns) {
		gsub(/[ \t]+/, " ", text)
		for (s = text; (p = take("\\.name = \"[a-z-]+\"")) != "";)
			own = own " " last_word(p)
		for (s = text; (p = take("(cmd_(field|datum|object_begin|" \
		    "array_begin|document)|table_print)\\([a-z]+, " \
		    "[^\";()]*\"[a-z0-9_]+\"")) != "";)
			check(last_word(p), own)
		for (s = text; (p = take("struct column [^;]*")) != "";)
			columns = columns p
		for (s = columns; (p = take("\\{ \"[^\"]*\", " \
		    "\"[a-z0-9_]+\" \\}")) != "";)
			check(last_word(p), own)
		for (s = text; (p = take("\"[a-z][a-z0-9]*(_[a-z0-9]+)+\"")) != "";) {
			p = last_word(p)
			if (("* " p) in excused)
				used["* " p]
			else
				check(p, "")
		}
		text = ""
	}' "$work/documented" "$work/others" cmd/*.c | LC_ALL=C sort -u
exit 0
