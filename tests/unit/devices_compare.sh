#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# devices_compare.sh TOOL [FILE...]: define each document of
# tests/data/devices with stock virsh (one process for all) and print it;
# domain_xml_tool must print the same, or the same error. What is generated
# (UUIDs, MAC addresses) is masked on both sides. A domain is named as its file.
# Prints each difference and "N same, N differ".
set -u
tool=$(realpath "$1")
shift
cd "$(dirname "$0")/../data/devices" || exit 2
[ $# -gt 0 ] || set -- *.xml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset VIRSH_DEFAULT_CONNECT_URI LIBVIRT_DEFAULT_URI
export LC_ALL=C.UTF-8
mkdir "$work/stock" "$work/ours" "$work/a" "$work/b"

# Copy the files of one directory to another, masking what is generated: a
# UUID or MAC address that is not in the document itself.
mask() {
	(cd "$1" && awk -v to="$2" -v docs="$OLDPWD" '
	FNR == 1 {
		text = ""
		while ((getline line < (docs "/" FILENAME)) > 0)
			text = text tolower(line)
		close(docs "/" FILENAME)
		close(out)
		out = to "/" FILENAME
	}
	/[0-9a-f][0-9a-f]:[0-9a-f]|[0-9a-f]-[0-9a-f]/ {
		gsub(/[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+/, "\n&\n")
		gsub(/52:54:00:[0-9a-f:]+/, "\n&\n")
		n = split($0, part, "\n")
		$0 = ""
		for (i = 1; i <= n; i++) {
			if (i % 2 == 0 && index(text, part[i]) == 0)
				part[i] = "GENERATED"
			$0 = $0 part[i]
		}
	}
	$0 != "" { print > out }' ./*.xml)
}

script=
for f in "$@"; do
	script+="echo '@@$f@@'; define $f; dumpxml ${f%.xml} --inactive; "
done
"$tool" --inactive --marks "$@" >"$work/ours.out" 2>&1
virsh -q -c test:///default "$script" >"$work/out" 2>"$work/err"

# Standard output by its marks, stock's errors by the files that they name.
split() {
	awk -v dir="$1" '
	{
		while (match($0, /@@[^@]*@@/)) {
			close(f)
			f = dir "/" substr($0, RSTART + 2, RLENGTH - 4)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}
	f != "" && $0 != "" && $0 !~ /^Domain .* defined from/ { print > f }'
}
split "$work/stock" <"$work/out"
split "$work/ours" <"$work/ours.out"
awk -v dir="$work/stock" '
	/^error: Failed to define domain from / {
		close(f)
		f = dir "/" $NF
		next
	}
	/^error: failed to get domain/ { close(f); f = ""; next }
	f != "" && $0 != "" { print > f }' "$work/err"
mask "$work/stock" "$work/a"
mask "$work/ours" "$work/b"

# What stock did not print at all differs too.
(cd "$work/a" && touch "$@")
for f in "$@"; do
	[ -s "$work/a/$f" ] || echo "stock says nothing" >"$work/a/$f"
done
diff -ruN "$work/a" "$work/b" | sed "s,$work/a,stock,; s,$work/b,ours,"
differ=$(diff -rqN "$work/a" "$work/b" | wc -l)
# For the suite: a line for each document.
for f in "$@"; do
	cmp -s "$work/a/$f" "$work/b/$f" || printf 'not '
	echo "ok - device document $f"
done
echo "# $(($# - differ)) same, $differ differ"
[ "$differ" -eq 0 ]
