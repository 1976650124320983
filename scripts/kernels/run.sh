#!/bin/sh
# Boots each kernel image (a Debian package linux-image-…-cloud-amd64) under QEMU with this tree as its first file
# system, and runs acts.ts there. Usage: scripts/kernels/run.sh IMAGE.deb…
set -e
command -v qemu-system-x86_64 > /dev/null || { echo "skipped: no qemu-system-x86_64"; exit 0; }
tree=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/bin "$root"/dev "$root"/proc "$root"/sys "$root"/tmp "$root"/state "$root"/tocsin/node_modules/@tocsin "$root"/tocsin/scripts
node=$(readlink -f "$tree/node_modules/.bin/node")
with_libraries() {
  cp "$1" "$root$2"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do mkdir -p "$root$(dirname "$library")"; cp -n "$library" "$root$library"; done
}
with_libraries "$node" /bin/node
with_libraries /bin/sh /bin/sh
with_libraries /bin/true /bin/true
with_libraries /bin/mount /bin/mount
with_libraries "$(command -v ip)" /bin/ip
cp -r "$tree/packages" "$root/tocsin/packages"
cp -r "$tree/scripts/kernels" "$root/tocsin/scripts/kernels"
for name in model engine protocol telemetry; do ln -s "../../packages/$name" "$root/tocsin/node_modules/@tocsin/$name"; done
cp -r "$tree/node_modules/koffi" "$tree/node_modules/@koromix" "$root/tocsin/node_modules/"
for name in @noble re2js zod; do [ -e "$tree/node_modules/$name" ] && cp -r "$tree/node_modules/$name" "$root/tocsin/node_modules/"; done
cp "$tree/package.json" "$root/tocsin/"
cat > "$root/init" <<'I'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmpfs /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
node /tocsin/scripts/kernels/acts.ts
echo b > /proc/sysrq-trigger
I
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1 > "$work/initrd")
failed=0
for image in "$@"; do
  dpkg-deb -x "$image" "$work/image"
  echo "== $(basename "$image")"
  timeout 3600 qemu-system-x86_64 -machine q35 -cpu max -accel tcg,thread=multi -smp 2 -m 3072 -nographic -no-reboot \
    -kernel "$work"/image/boot/vmlinuz-* -initrd "$work/initrd" -append 'console=ttyS0 quiet panic=-1 rdinit=/init' \
    < /dev/null > "$work/console" || echo "the machine did not end by itself"
  # The firmware leaves its escape sequences before the first line of the machine.
  sed 's/\r//g; s/\x1b\[[0-9;?=]*[A-Za-z]//g; s/\x1bc//g' "$work/console" > "$work/said"
  if ! grep -qx done "$work/said"; then echo "no result"; tail -n 20 "$work/said"; failed=1; fi
  sed -n '/^{/p' "$work/said"
  rm -rf "$work/image"
done
exit "$failed"
