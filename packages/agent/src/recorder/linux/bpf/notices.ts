/** Who caused a notice. Times are µs since 1970, start ticks those of /proc/PID/stat. */
export interface Actor {
  readonly at: number
  readonly pid: number
  readonly tid: number
  readonly startTicks: number
}

export interface ExecNotice extends Actor {
  readonly kind: 'exec'
  readonly ppid: number
  readonly euid: number
  readonly egid: number
  readonly exe: string
  /** The arguments with blanks between them. */
  readonly commandLine: string
  /** More arguments than were recorded, or none that could be read. */
  readonly isCut: boolean
  readonly cwd: string
  readonly inode: number
  /** Device, inode, size and time of the last change: the same content as long as these are the same. */
  readonly identity: string
  /** Of version 2; empty on machines that have version 1 only. */
  readonly cgroup: string
  readonly mountNamespace: number
}

export interface FileKernelNotice extends Actor {
  readonly kind: 'file'
  readonly operation: 'create' | 'write' | 'rename' | 'delete' | 'change'
  readonly path: Buffer
  readonly source: Buffer | null
}

export interface SocketNotice extends Actor {
  readonly kind: 'socket'
  readonly operation: 'connect' | 'accept' | 'listen' | 'close'
  readonly protocol: 'tcp' | 'udp'
  readonly localAddress: string | null
  readonly localPort: number | null
  readonly remoteAddress: string
  readonly remotePort: number
  /** Bytes, told when it closes. */
  readonly received: number | null
  readonly sent: number | null
}

export interface DnsNotice extends Actor {
  readonly kind: 'dns'
  readonly message: Buffer
  readonly localPort: number
}

export interface SecurityNotice extends Actor {
  readonly kind: 'security'
  readonly operation: 'ptrace' | 'bpf' | 'setuid' | 'mount'
  readonly targetPid: number | null
  readonly targetUid: number | null
  readonly target: string | null
  readonly source: string | null
}

export type KernelNotice =
  | (Actor & { readonly kind: 'fork'; readonly childPid: number; readonly childTicks: number })
  | ExecNotice
  /** The exit code; of a process that a signal ended 128 and its number, as shells say it. */
  | (Actor & { readonly kind: 'exit'; readonly code: number })
  | FileKernelNotice
  /** What the thread began last of this kind failed. */
  | (Actor & { readonly kind: 'undone'; readonly operation: 'rename' | 'delete' | 'create' })
  | SocketNotice
  | DnsNotice
  | (Actor & { readonly kind: 'image'; readonly path: Buffer })
  | (Actor & { readonly kind: 'module'; readonly name: string })
  | SecurityNotice
