import { createRequire } from 'node:module'

/** The one place that calls the C library. Loaded on Linux only, at the first call. */
interface Koffi {
  load(name: string): { func(signature: string): (...args: never[]) => unknown }
  errno(): number
  address(pointer: unknown): bigint
  view(pointer: unknown, length: number): ArrayBuffer
}

type Call<Args extends readonly unknown[], Result> = (...args: Args) => Result

export interface Native {
  readonly socket: Call<[domain: number, type: number, protocol: number], number>
  readonly bind: Call<[fd: number, address: Buffer, length: number], number>
  readonly send: Call<[fd: number, data: Buffer, length: number, flags: number], number>
  readonly recv: Call<[fd: number, into: Buffer, length: number, flags: number], number>
  readonly setsockopt: Call<[fd: number, level: number, name: number, value: Buffer, length: number], number>
  readonly close: Call<[fd: number], number>
  readonly fanotifyInit: Call<[flags: number, eventFlags: number], number>
  readonly fanotifyMark: Call<[fd: number, flags: number, mask: bigint, dirFd: number, path: string], number>
  readonly openByHandleAt: Call<[mountFd: number, handle: Buffer, flags: number], number>
  readonly open: Call<[path: string, flags: number], number>
  readonly read: Call<[fd: number, into: Buffer, length: number], number>
  readonly readlink: Call<[path: string, into: Buffer, length: number], number>
  readonly statfs: Call<[path: string, into: Buffer], number>
  readonly prctl: Call<[option: number, a: number, b: number, c: number, d: number], number>
  readonly setgroups: Call<[count: number, groups: Buffer], number>
  readonly setresgid: Call<[real: number, effective: number, saved: number], number>
  readonly setresuid: Call<[real: number, effective: number, saved: number], number>
  readonly setrlimit: Call<[resource: number, limits: Buffer], number>
  readonly unshare: Call<[flags: number], number>
  readonly mount: Call<[source: string, target: string, kind: string, flags: number, data: string], number>
  readonly poll: Call<[fds: Buffer, count: number, milliseconds: number], number>
  readonly madvise: Call<[at: bigint, length: bigint, advice: number], number>
  readonly mallocTrim: Call<[keep: number], number>
  readonly clockGettime: Call<[clock: number, into: Buffer], number>
  readonly memfdCreate: Call<[name: string, flags: number], number>
  readonly ftruncate: Call<[fd: number, length: number], number>
  readonly fcntl: Call<[fd: number, command: number, argument: number], number>
  readonly errno: () => number
}

const signatures = {
  socket: 'int socket(int, int, int)',
  bind: 'int bind(int, void *, unsigned int)',
  send: 'long send(int, void *, size_t, int)',
  recv: 'long recv(int, void *, size_t, int)',
  setsockopt: 'int setsockopt(int, int, int, void *, unsigned int)',
  close: 'int close(int)',
  fanotifyInit: 'int fanotify_init(unsigned int, unsigned int)',
  fanotifyMark: 'int fanotify_mark(int, unsigned int, uint64_t, int, const char *)',
  openByHandleAt: 'int open_by_handle_at(int, void *, int)',
  open: 'int open(const char *, int)',
  read: 'long read(int, void *, size_t)',
  readlink: 'long readlink(const char *, void *, size_t)',
  statfs: 'int statfs(const char *, void *)',
  prctl: 'int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)',
  setgroups: 'int setgroups(size_t, void *)',
  setresgid: 'int setresgid(unsigned int, unsigned int, unsigned int)',
  setresuid: 'int setresuid(unsigned int, unsigned int, unsigned int)',
  setrlimit: 'int setrlimit(int, void *)',
  unshare: 'int unshare(int)',
  mount: 'int mount(const char *, const char *, const char *, unsigned long, const char *)',
  poll: 'int poll(void *, unsigned long, int)',
  madvise: 'int madvise(uintptr_t, size_t, int)',
  mallocTrim: 'int malloc_trim(size_t)',
  clockGettime: 'int clock_gettime(int, void *)',
  memfdCreate: 'int memfd_create(const char *, unsigned int)',
  ftruncate: 'int ftruncate(int, long)',
  fcntl: 'int fcntl(int, int, int)',
} as const

let loaded: Native | undefined

/** The C library; throws where there is none that we know. */
export function native(): Native {
  loaded ??= loadNative()
  return loaded
}

function koffiOf(): Koffi {
  if (process.platform !== 'linux') throw new Error(`no native calls on ${process.platform}`)
  return createRequire(import.meta.url)('koffi') as Koffi
}

const systemCallBpf = process.arch === 'arm64' ? 280 : 321
const bpfCommand = { openPinned: 7, openProgram: 13, info: 15 } as const
const attributeBytes = 128

/** A descriptor of what is pinned at a path of bpffs. */
export function openPinned(path: string): number {
  const koffi = koffiOf()
  const library = koffi.load('libc.so.6')
  const copy = library.func('void *strdup(const char *)') as (text: string) => unknown
  const free = library.func('void free(void *)') as (pointer: unknown) => void
  const name = copy(path)
  const attributes = Buffer.alloc(attributeBytes)
  attributes.writeBigUInt64LE(BigInt(koffi.address(name)), 0)
  const fd = bpf(bpfCommand.openPinned, attributes, 16)
  const errno = koffi.errno()
  free(name)
  if (fd < 0) throw nativeError(`bpf(${path})`, errno)
  return fd
}

/** A descriptor of a program by its number. */
export function openProgram(id: number): number {
  const attributes = Buffer.alloc(attributeBytes)
  attributes.writeUInt32LE(id, 0)
  const fd = bpf(bpfCommand.openProgram, attributes, 12)
  if (fd < 0) throw nativeError('bpf(program)')
  return fd
}

/** What the kernel says of a program, map or link. An older kernel says less: the rest is 0. The bytes are those of the next call too. */
export function bpfInfo(fd: number): Buffer {
  infoMemory ??= allocated(256)
  const { address, bytes } = infoMemory
  bytes.fill(0)
  const attributes = Buffer.alloc(attributeBytes)
  attributes.writeUInt32LE(fd, 0)
  attributes.writeUInt32LE(bytes.length, 4)
  attributes.writeBigUInt64LE(address, 8)
  if (bpf(bpfCommand.info, attributes, 16) < 0) throw nativeError('bpf(info)')
  return bytes
}

let infoMemory: ReturnType<typeof allocated> | undefined
type SystemCall = (...words: [number: number, command: number, attributes: Buffer, size: number]) => number
let systemCall: SystemCall | undefined

function bpf(command: number, attributes: Buffer, size: number): number {
  const signature = 'long syscall(long, int, void *, unsigned int)'
  systemCall ??= koffiOf().load('libc.so.6').func(signature) as SystemCall
  return Number(systemCall(systemCallBpf, command, attributes, size))
}

/** Memory at an address that stays; it is never freed. */
function allocated(length: number): { readonly address: bigint; readonly bytes: Buffer } {
  const koffi = koffiOf()
  const allocate = koffi.load('libc.so.6').func('void *malloc(size_t)') as (size: number) => unknown
  const pointer = allocate(length)
  return { address: BigInt(koffi.address(pointer)), bytes: Buffer.from(koffi.view(pointer, length)) }
}

const protection = { read: 1, write: 3 } as const
const MAP_SHARED = 1
const MAP_FAILED = 0xffff_ffff_ffff_ffffn

/** Memory that the kernel shares. It stays mapped as long as the process lives: a view on memory that is gone kills it. */
export function mapped(
  fd: number,
  part: { readonly length: number; readonly offset: number; readonly access: keyof typeof protection },
): ArrayBuffer {
  const koffi = koffiOf()
  const map = koffi.load('libc.so.6').func('void *mmap(void *, size_t, int, int, int, long)') as (
    ...words: [at: null, length: number, protection: number, flags: number, fd: number, offset: number]
  ) => unknown
  const { length, offset, access } = part
  const pointer = map(null, length, protection[access], MAP_SHARED, fd, offset)
  if (BigInt.asUintN(64, BigInt(koffi.address(pointer))) === MAP_FAILED) throw nativeError('mmap')
  return koffi.view(pointer, length)
}

function loadNative(): Native {
  const koffi = koffiOf()
  const library = koffi.load('libc.so.6')
  const calls = Object.entries(signatures).map(([name, signature]) => {
    const call = library.func(signature)
    // long comes as bigint only where it does not fit a number
    return [name, (...args: never[]) => Number(call(...args))] as const
  })
  return { ...Object.fromEntries(calls), errno: () => koffi.errno() } as unknown as Native
}

const names: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  13: 'EACCES',
  17: 'EEXIST',
  22: 'EINVAL',
  38: 'ENOSYS',
  93: 'EPROTONOSUPPORT',
  97: 'EAFNOSUPPORT',
  105: 'ENOBUFS',
  111: 'ECONNREFUSED',
}

/** An error of the last call, with its name. */
export function nativeError(call: string, errno = native().errno()): Error {
  return new Error(`${call}: ${names[errno] ?? `errno ${errno}`}`)
}
