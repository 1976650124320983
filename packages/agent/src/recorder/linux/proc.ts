import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

/** What /proc says of one process that runs now. */
export interface RunningProcess {
  readonly pid: number
  readonly ppid: number
  readonly startTicks: number
  readonly exe: string | null
  readonly inode: number | null
  readonly argv: readonly string[]
  readonly cwd: string | null
  readonly euid: number | null
  readonly egid: number | null
}

const ticksPerSecond = 100

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** µs since 1970 of the boot, by which start ticks become times. */
export function bootTime(): number {
  const seconds = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]
  return Number(seconds) * 1_000_000
}

export function ticksToMicros(ticks: number, boot: number): number {
  return boot + Math.floor((ticks * 1_000_000) / ticksPerSecond)
}

/** Ticks since boot at which a process started; nothing once it is gone. */
export function startTicksOf(
  pid: number,
): { readonly startTicks: number; readonly ppid: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { startTicks: Number(fields[19]), ppid: Number(fields[1]) }
  } catch {
    return undefined
  }
}

export function runningProcess(pid: number): RunningProcess | undefined {
  const start = startTicksOf(pid)
  if (start === undefined) return undefined
  const command = text(`/proc/${pid}/cmdline`)
  const status = text(`/proc/${pid}/status`)
  return {
    pid,
    ...start,
    exe: link(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '') ?? null,
    inode: inodeOf(`/proc/${pid}/exe`),
    argv: command.replace(/\0$/, '').split('\0'),
    cwd: link(`/proc/${pid}/cwd`) ?? null,
    euid: effective(status, 'Uid'),
    egid: effective(status, 'Gid'),
  }
}

export function runningProcesses(): readonly RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => runningProcess(Number(name)) ?? [])
}

/** Docker, containerd, podman and Kubernetes name their control groups by 64 hexadecimal digits. */
export function containerOf(pid: number): string | null {
  return /[0-9a-f]{64}/.exec(text(`/proc/${pid}/cgroup`))?.[0] ?? null
}

/** Inode number of the mount namespace that a process sees; 0 where it cannot be told. */
export function mountNamespace(pid: number | 'self'): number {
  return Number(/\[(\d+)\]/.exec(link(`/proc/${pid}/ns/mnt`) ?? '')?.[1] ?? 0)
}

function effective(status: string, name: 'Uid' | 'Gid'): number | null {
  const value = new RegExp(`^${name}:\\s+\\d+\\s+(\\d+)`, 'm').exec(status)?.[1]
  return value === undefined ? null : Number(value)
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

function inodeOf(path: string): number | null {
  try {
    return statSync(path).ino
  } catch {
    return null
  }
}
