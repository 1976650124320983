# Read by the scripts beside it.

# tocsin_root TREE ROOT: what of this tree the machine runs, and what it does when it starts.
tocsin_root() {
  mkdir -p "$2"/bin "$2"/dev "$2"/proc "$2"/sys "$2"/tmp "$2"/tocsin/node_modules/@tocsin "$2"/tocsin/scripts
  for state in state state-overload state-contention state-fallback; do mkdir -p "$2/$state"; done
  cp -r "$1/packages" "$2/tocsin/packages"
  cp -r "$1/scripts/kernels" "$2/tocsin/scripts/kernels"
  for name in model engine protocol telemetry; do ln -s "../../packages/$name" "$2/tocsin/node_modules/@tocsin/$name"; done
  for name in koffi @noble re2js zod; do
    if [ -e "$1/node_modules/$name" ]; then cp -r "$1/node_modules/$name" "$2/tocsin/node_modules/"; fi
  done
  cp "$1/package.json" "$2/tocsin/"
  cat > "$2/init" <<'I'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmpfs /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
node /tocsin/scripts/kernels/acts.ts
echo b > /proc/sysrq-trigger
I
  chmod +x "$2/init"
}

# module_of IMAGE_FOLDER FILE: a module that nothing depends on, as acts.ts loads it.
module_of() {
  module=$(find "$1/lib/modules" -name 'dummy.ko*')
  case $module in *.xz) xz -dc "$module" ;; *) cat "$module" ;; esac > "$2"
}

# packed FOLDER FILE: a first file system; several of them, one behind the other, are one.
packed() {
  (cd "$1" && find . | cpio -o -H newc --quiet | gzip -1) >> "$2"
}

# told CONSOLE: what acts.ts said; fails where it did not come to its end.
told() {
  # The firmware leaves its escape sequences before the first line of the machine.
  sed 's/\r//g; s/\x1b\[[0-9;?=]*[A-Za-z]//g; s/\x1bc//g' "$1" > "$1.text"
  sed -n '/^{/p' "$1.text"
  grep -qx done "$1.text" || { echo "no result"; tail -n 20 "$1.text"; return 1; }
}
