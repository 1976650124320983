# Read by the scripts beside it. build_object ARCHITECTURE FOLDER: compiles recorder.bpf.c with the vmlinux.h of the folder.
build_object() {
  clang -O2 -g -target bpf -D"__TARGET_ARCH_$1" -mcpu=v3 -I"$2" -fdebug-compilation-dir=. -fdebug-prefix-map="$2"=. \
    -fdebug-prefix-map="$PWD"=. -c recorder.bpf.c -o "$2/recorder.bpf.o"
  llvm-strip -g "$2/recorder.bpf.o"
}
