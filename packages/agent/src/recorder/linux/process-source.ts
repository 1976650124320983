import { native, nativeError } from '../../native.ts'

const AF_NETLINK = 16
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0x800
const NETLINK_CONNECTOR = 11
const CN_IDX_PROC = 1
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
const receiveBuffer = 16 << 20
const operation = { listen: 1, ignore: 2 } as const

/** What the kernel's process connector tells; numbers only, no names. */
export type ProcessNotice =
  | { readonly kind: 'fork'; readonly pid: number; readonly ppid: number; readonly bootNanos: bigint }
  | { readonly kind: 'image'; readonly pid: number }
  /** The exit code; of a process that a signal ended 128 and its number, as shells say it. */
  | { readonly kind: 'exit'; readonly pid: number; readonly code: number }

/** Opens the process connector of the machine; needs CAP_NET_ADMIN in the first namespaces. */
export function openProcessSource(): { readonly fd: number; stop(): void } {
  const fd = native().socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC_NONBLOCK, NETLINK_CONNECTOR)
  if (fd < 0) throw nativeError('socket(NETLINK_CONNECTOR)')
  const address = Buffer.alloc(12)
  address.writeUInt16LE(AF_NETLINK, 0)
  address.writeUInt32LE(CN_IDX_PROC, 8)
  if (native().bind(fd, address, 12) !== 0) {
    const error = nativeError('bind(NETLINK_CONNECTOR)')
    native().close(fd)
    throw error
  }
  const size = Buffer.alloc(4)
  size.writeInt32LE(receiveBuffer)
  native().setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4)
  subscribe(fd, operation.listen)
  return {
    fd,
    stop: () => {
      subscribe(fd, operation.ignore)
      native().close(fd)
    },
  }
}

/** nlmsghdr, cn_msg with id {1, 1}, and the operation. */
function subscribe(fd: number, wanted: number): void {
  const message = Buffer.alloc(16 + 20 + 4)
  message.writeUInt32LE(message.length, 0)
  message.writeUInt16LE(3, 4)
  message.writeUInt32LE(process.pid, 12)
  message.writeUInt32LE(CN_IDX_PROC, 16)
  message.writeUInt32LE(1, 20)
  message.writeUInt16LE(4, 32)
  message.writeUInt32LE(wanted, 36)
  if (native().send(fd, message, message.length, 0) < 0) throw nativeError('send(NETLINK_CONNECTOR)')
}

const what = { fork: 1, exec: 2, exit: 0x80000000 } as const

/** One datagram; nothing for threads and for what is of no interest. struct proc_event stands after 16 + 20 bytes. */
export function readNotice(message: Buffer): ProcessNotice | undefined {
  if (message.length < 36 + 16 + 8) return undefined
  const kind = message.readUInt32LE(36)
  const at = 36 + 16
  const bootNanos = message.readBigUInt64LE(36 + 8)
  if (kind === what.fork) {
    const [ppid, childThread, pid] = [
      message.readInt32LE(at + 4),
      message.readInt32LE(at + 8),
      message.readInt32LE(at + 12),
    ]
    return childThread === pid ? { kind: 'fork', pid, ppid, bootNanos } : undefined
  }
  const [thread, pid] = [message.readInt32LE(at), message.readInt32LE(at + 4)]
  if (kind === what.exec) return { kind: 'image', pid }
  // Limit: a process counts as ended when its first thread ends, also where another thread lives on.
  if (kind === what.exit && thread === pid)
    return { kind: 'exit', pid, code: codeOf(message.readInt32LE(at + 8)) }
  return undefined
}

/** Of a status as wait(2) gives it. */
function codeOf(status: number): number {
  const signal = status & 0x7f
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal
}
