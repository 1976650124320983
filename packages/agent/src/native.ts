import { createRequire } from 'node:module'

/** The one place that calls the C library. Loaded on Linux only, at the first call. */
interface Koffi {
  load(name: string): { func(signature: string): (...args: never[]) => unknown }
  errno(): number
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
} as const

let loaded: Native | undefined

/** The C library; throws where there is none that we know. */
export function native(): Native {
  loaded ??= loadNative()
  return loaded
}

function loadNative(): Native {
  if (process.platform !== 'linux') throw new Error(`no native calls on ${process.platform}`)
  const koffi = createRequire(import.meta.url)('koffi') as Koffi
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
