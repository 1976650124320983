import { readFileSync } from 'node:fs'
import { native, nativeError } from '../../native.ts'

const FAN_CLOEXEC_NONBLOCK = 0x3
const FAN_REPORT_FID_DIR_FID_NAME_TARGET = 0x200 | 0x400 | 0x800 | 0x1000
const FAN_MARK_ADD_FILESYSTEM = 0x1 | 0x100
const AT_FDCWD = -100
const O_PATH_DIRECTORY_CLOEXEC = 0x200000 | 0x10000 | 0x80000
const O_DIRECTORY_CLOEXEC = 0x10000 | 0x80000

export const fileMask = {
  change: 0x4n,
  write: 0x8n,
  create: 0x100n,
  delete: 0x200n,
  rename: 0x10000000n,
  folder: 0x40000000n,
  overflow: 0x4000n,
} as const
/** Folders too: what was remembered of paths is wrong once one is moved. */
const wanted =
  fileMask.write | fileMask.create | fileMask.delete | fileMask.rename | fileMask.change | fileMask.folder

/** File systems that hold files of this machine. */
const fileSystems: ReadonlySet<string> = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'tmpfs',
  'overlay',
  'vfat',
  'exfat',
  'zfs',
])

/**
 * File-system id in hexadecimal → where it is mounted. No descriptor is kept on a mount: it could not be unmounted.
 */
export type Mounts = ReadonlyMap<string, string>

export interface FileSource {
  readonly fd: number
  readonly mounts: Mounts
  /** Marks what is mounted now, and tells it. */
  refresh(): Mounts
  stop(): void
}

/** Watches every local file system for what is created, written, renamed, deleted or changed. */
export function openFileSource(): FileSource {
  const fd = native().fanotifyInit(FAN_CLOEXEC_NONBLOCK | FAN_REPORT_FID_DIR_FID_NAME_TARGET, 0)
  if (fd < 0) throw nativeError('fanotify_init')
  const { mounts, refused } = markAll(fd)
  if (mounts.size === 0) {
    native().close(fd)
    throw new Error(`no file system can be watched (${refused.join('; ')})`)
  }
  return { fd, mounts, refresh: () => markAll(fd).mounts, stop: () => native().close(fd) }
}

/** Marks anew what is marked already: a file system that was mounted again has lost its mark, and nothing tells. */
function markAll(fd: number): { readonly mounts: Mounts; readonly refused: readonly string[] } {
  const mounts = new Map<string, string>()
  const refused: string[] = []
  const devices = new Set<string>()
  for (const { device, point, kind } of mountPoints()) {
    if (!fileSystems.has(kind) || devices.has(device)) continue
    devices.add(device)
    const isMarked = native().fanotifyMark(fd, FAN_MARK_ADD_FILESYSTEM, wanted, AT_FDCWD, point) === 0
    const fileSystem = isMarked ? fileSystemAt(point) : undefined
    // Limit: a file system that refuses the watch is left out as long as another can be watched.
    if (fileSystem === undefined) refused.push(`${point}: ${nativeError('fanotify_mark').message}`)
    else mounts.set(fileSystem, point)
  }
  return { mounts, refused }
}

function fileSystemAt(point: string): string | undefined {
  const status = Buffer.alloc(256)
  return native().statfs(point, status) === 0 ? status.toString('hex', 56, 64) : undefined
}

interface MountPoint {
  readonly device: string
  readonly point: string
  readonly kind: string
}

function mountPoints(): readonly MountPoint[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [left = '', right = ''] = line.split(' - ', 2)
      const [, , device, , point] = left.split(' ')
      const [kind] = right.split(' ')
      if (device === undefined || point === undefined || kind === undefined) return []
      return [
        {
          device,
          point: point.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
          kind,
        },
      ]
    })
}

export interface FileNotice {
  readonly mask: bigint
  readonly pid: number
  /** Path, or the new path of a rename. */
  readonly path: Buffer
  /** Path before a rename. */
  readonly source: Buffer | null
}

/** Splits what was read from the descriptor into notices, with the paths of their folders looked up and remembered. */
export class FileNotices {
  private mounts: Mounts = new Map()
  private readonly folders = new Map<string, Buffer>()

  /** Paths hang on where file systems are mounted. */
  mounted(mounts: Mounts): void {
    this.mounts = mounts
    this.folders.clear()
  }

  /** True for `overflow` if the queue was full and events were dropped. */
  read(
    buffer: Buffer,
    length: number,
  ): { readonly notices: readonly FileNotice[]; readonly overflow: boolean } {
    const notices: FileNotice[] = []
    let overflow = false
    for (let at = 0; at + 24 <= length; ) {
      const size = buffer.readUInt32LE(at)
      if (size < 24 || at + size > length) break
      const mask = buffer.readBigUInt64LE(at + 8)
      if ((mask & fileMask.overflow) !== 0n) overflow = true
      else notices.push(...this.notice(buffer, at, size, mask))
      at += size
    }
    return { notices, overflow }
  }

  private notice(buffer: Buffer, at: number, size: number, mask: bigint): readonly FileNotice[] {
    const pid = buffer.readInt32LE(at + 20)
    let path: Buffer | undefined
    let source: Buffer | null = null
    for (let info = at + 24; info + 4 <= at + size; ) {
      const kind = buffer[info]
      const infoSize = buffer.readUInt16LE(info + 2)
      if (infoSize < 4) break
      if (kind === 2 || kind === 12) path = this.pathOf(buffer, info, infoSize)
      else if (kind === 10) source = this.pathOf(buffer, info, infoSize) ?? null
      info += infoSize
    }
    const movesFolders =
      (mask & fileMask.folder) !== 0n && (mask & (fileMask.rename | fileMask.delete)) !== 0n
    if (movesFolders) this.folders.clear()
    return path === undefined ? [] : [{ mask, pid, path, source }]
  }

  /** fsid (8), handle size (4), handle type (4), handle, then the name and a NUL. */
  private pathOf(buffer: Buffer, info: number, infoSize: number): Buffer | undefined {
    const handleSize = buffer.readUInt32LE(info + 12)
    const handleEnd = info + 20 + handleSize
    if (handleEnd > info + infoSize) return undefined
    const end = buffer.indexOf(0, handleEnd)
    const name = buffer.subarray(handleEnd, end < 0 || end > info + infoSize ? info + infoSize : end)
    const folder = this.folderOf(
      buffer.toString('hex', info + 4, info + 12),
      buffer.subarray(info + 12, handleEnd),
    )
    if (folder === undefined) return undefined
    if (name.length === 0 || (name.length === 1 && name[0] === 0x2e)) return folder
    const slash = folder.length === 1 ? Buffer.alloc(0) : Buffer.from('/')
    return Buffer.concat([folder, slash, name])
  }

  private folderOf(fileSystem: string, handle: Buffer): Buffer | undefined {
    const key = `${fileSystem}${handle.toString('latin1')}`
    const known = this.folders.get(key)
    if (known !== undefined) return known
    const point = this.mounts.get(fileSystem)
    // Another file system may have come to that place; its handles mean other files.
    if (point === undefined || fileSystemAt(point) !== fileSystem) return undefined
    const mount = native().open(point, O_DIRECTORY_CLOEXEC)
    if (mount < 0) return undefined
    const fd = native().openByHandleAt(mount, Buffer.from(handle), O_PATH_DIRECTORY_CLOEXEC)
    native().close(mount)
    if (fd < 0) return undefined
    const link = Buffer.alloc(4_096)
    const length = native().readlink(`/proc/self/fd/${fd}`, link, link.length)
    native().close(fd)
    if (length <= 0) return undefined
    const path = Buffer.from(link.subarray(0, length))
    if (path.toString('latin1').endsWith(' (deleted)')) return path.subarray(0, length - 10)
    if (this.folders.size > 20_000) this.folders.clear()
    this.folders.set(key, path)
    return path
  }
}
