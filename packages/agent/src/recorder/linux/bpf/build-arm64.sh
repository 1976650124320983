#!/bin/sh
# Builds arm64/recorder.bpf.o and arm64/loader on another machine. Usage: build-arm64.sh KERNEL.deb PACKAGES…: a kernel
# image of Debian for arm64, of which the types are taken, and libbpf-dev, libelf-dev and zlib1g-dev of arm64. Needs
# clang, llvm-strip, bpftool, python3 and gcc-aarch64-linux-gnu.
set -e
kernel=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb -x "$kernel" "$work/kernel"
for package in "$@"; do dpkg-deb -x "$package" "$work/root"; done
cd "$(dirname "$0")"
# The image holds its BTF as it is: the largest piece that begins like one.
python3 - "$work"/kernel/boot/vmlinuz-* "$work/btf" <<'P'
import struct, sys
image, pieces, at = open(sys.argv[1], 'rb').read(), [b''], -1
while (at := image.find(b'\x9f\xeb\x01\x00\x18\0\0\0', at + 1)) >= 0:
    head, types, types_length, texts, texts_length = struct.unpack_from('<IIIII', image, at + 4)
    pieces.append(image[at:at + head + max(types + types_length, texts + texts_length)])
open(sys.argv[2], 'wb').write(max(pieces, key=len))
P
bpftool btf dump file "$work/btf" format c > "$work/vmlinux.h"
. ./build-object.sh
build_object arm64 "$work"
lib=$work/root/usr/lib/aarch64-linux-gnu
aarch64-linux-gnu-gcc -O2 -static -I"$work/root/usr/include" -o "$work/loader" loader.c "$lib/libbpf.a" "$lib/libelf.a" "$lib/libz.a"
aarch64-linux-gnu-strip "$work/loader"
mkdir -p arm64
cp "$work/recorder.bpf.o" "$work/loader" arm64/
