#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# devices_compare.sh TOOL [FILE...]: define each document of
# tests/data/devices with stock virsh (one process for all) and print it;
# domain_xml_tool must print the same, or the same error. What is generated
# (UUIDs, MAC addresses) is masked on both sides. Prints each difference and
# "N same, N differ".
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
	name=$(sed -n 's,.*<name>\(.*\)</name>.*,\1,p;T;q' "$f")
	script+="echo '@@$f@@'; define $f; dumpxml $name --inactive; "
	"$tool" --inactive "$f" >"$work/ours/$f" 2>&1
done
virsh -q -c test:///default "$script" >"$work/out" 2>"$work/err"

# Standard output by its marks, errors by the files that they name.
awk -v dir="$work/stock" '
	{
		while (match($0, /@@[^@]*@@/)) {
			close(f)
			f = dir "/" substr($0, RSTART + 2, RLENGTH - 4)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}
	f != "" && $0 != "" && $0 !~ /^Domain .* defined from/ { print > f }
	' "$work/out"
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

same=0 differ=0
for f in "$@"; do
	touch "$work/a/$f" "$work/b/$f"
	if [ -s "$work/a/$f" ] && cmp -s "$work/a/$f" "$work/b/$f"; then
		same=$((same + 1))
	else
		diff -u --label "stock $f" --label "ours $f" "$work/a/$f" \
		    "$work/b/$f"
		differ=$((differ + 1))
	fi
done
echo "$same same, $differ differ"
[ "$differ" -eq 0 ]
