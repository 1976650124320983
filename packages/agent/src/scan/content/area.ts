import { mapped, native, nativeError } from '../../native.ts'
import type { ChildArea } from './sandbox.ts'

/** Memory that this process fills and a content child reads: bytes get there without a copy. */
export interface Area extends ChildArea {
  readonly bytes: Uint8Array
}

const length = 8 << 20
const MFD_CLOEXEC = 1
const MFD_ALLOW_SEALING = 2
const F_ADD_SEALS = 1033
/** Its size stays, nobody else can write, and no seal can be taken off or set. */
const seals = 1 | 2 | 4 | 16

/** Those that no scanner uses now. They stay mapped: a view on memory that is gone would end the process. */
const free: Area[] = []

/** An area of one's own until it is given back; throws where the system has none. */
export function takeArea(): Area {
  return free.pop() ?? newArea()
}

/** Its child is gone or will be. */
export function giveBack(area: Area): void {
  free.push(area)
}

function newArea(): Area {
  const { memfdCreate, ftruncate, fcntl, close } = native()
  const fd = memfdCreate('tocsin-content', MFD_CLOEXEC | MFD_ALLOW_SEALING)
  if (fd < 0) throw nativeError('memfd_create')
  try {
    if (ftruncate(fd, length) !== 0) throw nativeError('ftruncate')
    const bytes = new Uint8Array(mapped(fd, { length, offset: 0, access: 'write' }))
    if (fcntl(fd, F_ADD_SEALS, seals) !== 0) throw nativeError('fcntl')
    return { fd, length, bytes }
  } catch (error) {
    close(fd)
    throw error
  }
}
