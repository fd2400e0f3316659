#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# image.sh DIR: make in DIR what a lab host boots from, out of Debian's packages:
# xen, vmlinux, early.cpio (finds the disk), system.img (the disk), keys/.
# DIR/stamp holds the hash of what it was made of; with the same one nothing is
# done. Needs no root.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || { echo "usage: image.sh DIR" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
cd "$here"
inputs=(packages image.sh idle.S idle.lds guest-init)

hash=$(sha256sum "${inputs[@]}" | sha256sum | cut -c1-32)
[ "$(cat "$dir/stamp" 2>/dev/null)" != "$hash" ] || exit 0
exec 9>"$dir/lock"
flock -w 900 9
[ "$(cat "$dir/stamp" 2>/dev/null)" != "$hash" ] || exit 0

began=$SECONDS
rm -rf "$dir"/work.*	# of one that was killed
work=$(mktemp -d "$dir/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root kernel=$work/kernel
mkdir -p "$root" "$kernel" "$work/lists/partial" "$dir/debs/partial"

# apt, as if nothing were installed: so all that is needed comes along.
packages() {
	: >"$work/status"
	# shellcheck disable=SC2046
	timeout 600 apt-get -qq -y --no-install-recommends --download-only \
	    -o Dir::State::status="$work/status" \
	    -o Dir::Cache::archives="$dir/debs" -o Debug::NoLocking=1 \
	    -o APT::Sandbox::User=root -o Acquire::Retries=3 \
	    install $(sed '/^#/d' packages)
}

say() {
	echo "lab: $* ($((SECONDS - began)) s)"
}

unpack() {
	local deb
	for deb in "$dir"/debs/*.deb; do
		case ${deb##*/} in
		linux-image-[0-9]*)
			# Of the drivers, those that no emulated machine has are most.
			dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$kernel" \
			    --no-same-owner --exclude='*/kernel/sound' \
			    --exclude='*/drivers/gpu' --exclude='*/drivers/media' \
			    --exclude='*/drivers/net/wireless' \
			    --exclude='*/drivers/net/ethernet' \
			    --exclude='*/drivers/infiniband' \
			    --exclude='*/drivers/scsi' --exclude='*/drivers/iio' \
			    --exclude='*/drivers/staging' ;;
		*)
			dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" \
			    --no-same-owner --exclude='./usr/share/doc/*' \
			    --exclude='./usr/share/man/*' \
			    --exclude='./usr/share/locale/*' \
			    --exclude='./usr/share/iso-codes/*' ;;
		esac
	done
}

# modules DEST NAME...: these and what they need, into a tree of their own.
modules() {
	local dest=$1 path
	shift
	modprobe -C /dev/null -d "$kernel" -S "$version" --show-depends -a "$@" |
	    sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u >"$work/modules"
	while read -r path; do
		path=${path#"$kernel"}
		install -D -m 644 "$kernel$path" "$dest$path"
	done <"$work/modules"
	cp "$kernel/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} \
	    "$dest/lib/modules/$version/"
	depmod -b "$dest" "$version"
}

# The ELF image inside a bzImage, whose header says where it lies: neither Xen
# nor xl need then unpack it in an emulated machine.
vmlinux() {
	local image=$1 sects at length
	sects=$(od -An -tu1 -j$((0x1f1)) -N1 "$image")
	at=$(od -An -tu4 -j$((0x248)) -N4 "$image")
	length=$(od -An -tu4 -j$((0x24c)) -N4 "$image")
	dd if="$image" bs=64K iflag=skip_bytes,count_bytes status=none \
	    skip=$(((sects + 1) * 512 + at)) count=$((length)) |
	    xz -dc --single-stream
}

# archive DIR: as an initrd, everything owned by root.
archive() {
	(cd "$1" && find . | LC_ALL=C sort |
	    cpio -o -H newc -R 0:0 --quiet)
}

# A guest's whole system: busybox, two drivers, and who minds the power button.
guest() {
	local g=$work/guest
	mkdir -p "$g"/{bin,sbin,etc/acpi/PWRF,proc,sys,dev,tmp}
	cp "$root/bin/busybox" "$g/bin/"
	ln -s ../bin/busybox "$g/sbin/init"
	ln -s sbin/init "$g/init"
	local a
	for a in sh mount modprobe poweroff reboot halt; do
		ln -s /bin/busybox "$g/bin/$a"
		ln -s /bin/busybox "$g/sbin/$a"
	done
	install -m 755 guest-init "$g/etc/rc"
	printf '%s\n' '::sysinit:/etc/rc' '::respawn:-/bin/sh' >"$g/etc/inittab"
	printf '%s\n' '#!/bin/sh' 'echo "GUEST BUTTON" >/dev/console' \
	    'exec /bin/poweroff' >"$g/etc/acpi/PWRF/00000080"
	chmod 755 "$g/etc/acpi/PWRF/00000080"
	modules "$g" xen-netfront xen-blkfront xen-pcifront button evdev
	archive "$g"
}

rm -f "$dir/stamp"
[ -n "${KEEP_DEBS-}" ] || rm -rf "$dir/debs"
mkdir -p "$dir/debs/partial"
packages
say "packages are here"
unpack
say "packages are unpacked"
version=$(cd "$kernel/lib/modules" && echo *)
depmod -b "$kernel" "$version"

gunzip -c "$root/boot/xen-4.17-amd64.gz" >"$dir/xen"
vmlinux "$kernel/boot/vmlinuz-$version" >"$dir/vmlinux"
rm -rf "$root/boot"

early=$work/early
mkdir -p "$early"/{bin,proc,sys,dev,disk,upper,new}
cp "$root/bin/busybox" "$early/bin/"
modules "$early" virtio_pci virtio_blk squashfs overlay
archive "$early" >"$dir/early.cpio"

modules "$root" xen-evtchn xen-privcmd xen-gntdev xen-gntalloc xenfs \
    xen-blkback xen-netback loop bridge tun dummy virtio_net virtio_rng \
    ext4 nbd xen-pciback xhci-pci usbhid hid-generic
mkdir -p "$root"/{proc,sys,dev,run,tmp,mnt,data,guests,root/.ssh} \
    "$root"/var/{log,lib/xen,tmp} "$root"/etc/{ssh,ld.so.conf.d}
rm -rf "$root/var/run" && ln -s /run "$root/var/run"
rm -rf "$root/var/lock" && ln -s /run/lock "$root/var/lock"
printf '%s\n' root:x:0:0:root:/root:/bin/bash \
    nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin \
    sshd:x:100:65534::/run/sshd:/usr/sbin/nologin >"$root/etc/passwd"
printf '%s\n' root:x:0: tty:x:5: disk:x:6: kmem:x:15: input:x:101: \
    kvm:x:102: render:x:103: sgx:x:104: nogroup:x:65534: >"$root/etc/group"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
printf '%s\n' /usr/local/lib /usr/lib/x86_64-linux-gnu \
    /lib/x86_64-linux-gnu /usr/lib/xen-4.17/lib >"$root/etc/ld.so.conf"
ldconfig -r "$root"
printf '%s\n' 'PermitRootLogin prohibit-password' 'UsePAM no' 'UseDNS no' \
    'KexAlgorithms curve25519-sha256' 'MaxStartups 200' 'MaxSessions 200' \
    'PrintMotd no' >"$root/etc/ssh/sshd_config"
# What packages leave to their installation.
ln -sf dash "$root/bin/sh"
ln -sf gawk "$root/usr/bin/awk"
ln -sf which.debianutils "$root/usr/bin/which"
# Debian's wrappers ask each time which hypervisor runs; here it is known.
for t in xl xentop xentrace xen-cpuid xenpm; do
	ln -sf "/usr/lib/xen-4.17/bin/$t" "$root/usr/sbin/$t"
done

mkdir -p "$dir/keys"
for k in user host; do
	[ -s "$dir/keys/$k" ] ||
	    ssh-keygen -q -t ed25519 -N '' -C lab -f "$dir/keys/$k"
done
install -m 600 "$dir/keys/user.pub" "$root/root/.ssh/authorized_keys"
install -m 600 "$dir/keys/host" "$root/etc/ssh/ssh_host_ed25519_key"
chmod 700 "$root/root" "$root/root/.ssh"

cc -c -o "$work/idle.o" idle.S
ld --no-warn-rwx-segments -T idle.lds -z max-page-size=4096 -o "$root/guests/idle" "$work/idle.o"
cp "$dir/vmlinux" "$root/guests/vmlinux"
cp "$kernel/boot/vmlinuz-$version" "$root/guests/vmlinuz"
guest | gzip -1 >"$root/guests/initrd"

# The disk that is written to: the guests' own disks, saved guests. Each machine
# has a copy. A fully virtual guest begins at its disk's boot sector; this one's
# loader reads by DMA from AHCI, while a kernel that qemu hands over would come
# byte by byte, minutes long. Each access to a port is a journey to the device
# model: there is no VGA, and no search for AMD's GART on 256 buses of PCI.
data=$work/data
mkdir -p "$data"/{images,xen/dump,dump}
truncate -s 16M "$data/images/pv.img" "$data/images/pvh.img"
truncate -s 32M "$data/images/hvm.img"
mkfs.vfat -n HVM "$data/images/hvm.img" >/dev/null
printf '%s\n' 'SERIAL 0 115200' 'DEFAULT linux' 'LABEL linux' \
    '  KERNEL vmlinuz' '  APPEND initrd=initrd console=ttyS0 console=hvc0 quiet pci=noearly' \
    >"$work/syslinux.cfg"
mcopy -i "$data/images/hvm.img" "$root/guests/vmlinuz" "$root/guests/initrd" \
    "$work/syslinux.cfg" ::
syslinux --install "$data/images/hvm.img"
truncate -s 8G "$work/data.img"
mke2fs -q -t ext4 -O ^has_journal -E lazy_itable_init=1,root_owner=0:0 \
    -m 0 -d "$data" "$work/data.img"
mv "$work/data.img" "$dir/data.img"

rm -f "$dir/system.img"
mksquashfs "$root" "$dir/system.img" -all-root -noI -noD -noF -noX -quiet \
    -no-progress -no-xattrs
[ -n "${KEEP_DEBS-}" ] || rm -rf "$dir/debs"
echo "$hash" >"$dir/stamp"
say "the image is ready"
