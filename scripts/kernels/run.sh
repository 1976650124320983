#!/bin/sh
# Boots each kernel image (a Debian package linux-image-…-cloud-amd64) under QEMU with this tree as its first file
# system, and runs acts.ts there. Usage: [APPEND='preempt=full'] scripts/kernels/run.sh IMAGE.deb…
set -e
command -v qemu-system-x86_64 > /dev/null || { echo "skipped: no qemu-system-x86_64"; exit 0; }
tree=$(cd "$(dirname "$0")/../.." && pwd)
. "$tree/scripts/kernels/root.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
tocsin_root "$tree" "$root"
with_libraries() {
  cp "$1" "$root$2"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do mkdir -p "$root$(dirname "$library")"; cp -n "$library" "$root$library"; done
}
with_libraries "$(readlink -f "$tree/node_modules/.bin/node")" /bin/node
with_libraries /bin/sh /bin/sh
with_libraries /bin/true /bin/true
with_libraries /bin/mount /bin/mount
with_libraries "$(command -v ip)" /bin/ip
cp -r "$tree/node_modules/@koromix" "$root/tocsin/node_modules/"
packed "$root" "$work/initrd"
failed=0
for image in "$@"; do
  dpkg-deb -x "$image" "$work/image"
  echo "== $(basename "$image") $APPEND"
  mkdir "$work/more"
  module_of "$work/image" "$work/more/dummy.ko"
  cp "$work/initrd" "$work/whole"
  packed "$work/more" "$work/whole"
  timeout 3600 qemu-system-x86_64 -machine q35 -cpu max -accel tcg,thread=multi -smp 2 -m 3072 -nographic -no-reboot \
    -kernel "$work"/image/boot/vmlinuz-* -initrd "$work/whole" -append "console=ttyS0 quiet panic=-1 rdinit=/init $APPEND" \
    < /dev/null > "$work/console" || echo "the machine did not end by itself"
  told "$work/console" || failed=1
  rm -rf "$work/image" "$work/more"
done
exit "$failed"
