#!/bin/sh
# Builds recorder.bpf.o and loader of x64 from their sources; needs clang, llvm-strip, bpftool, gcc and Debian's static
# libbpf, libelf and libz, and a kernel with BTF. With --check it builds aside and compares what the kernel would load.
# For arm64 see build-arm64.sh.
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bpftool btf dump file /sys/kernel/btf/vmlinux format c > "$work/vmlinux.h"
. ./build-object.sh
build_object x86 "$work"
gcc -O2 -static -o "$work/loader" loader.c -lbpf -lelf -lz
strip "$work/loader"
if [ "$1" = --check ]; then
  for section in $(llvm-objdump -h x64/recorder.bpf.o | awk '$2 ~ /^(tp_btf|.?fentry|.?fexit|cgroup|\.text|\.maps|\.rodata)/ {print $2}'); do
    llvm-objdump -s -j "$section" x64/recorder.bpf.o | tail -n +3 > "$work/committed"
    llvm-objdump -s -j "$section" "$work/recorder.bpf.o" | tail -n +3 > "$work/built"
    cmp "$work/committed" "$work/built" || { echo "$section differs: run build.sh and commit"; exit 1; }
  done
  echo "recorder.bpf.o is what its source says"
else
  mkdir -p x64
  cp "$work/recorder.bpf.o" "$work/loader" x64/
fi
