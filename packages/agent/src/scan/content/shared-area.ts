import { koffi } from './libyara-calls.ts'

/** Of the descriptor with which the child is started. */
export const areaDescriptor = 4
const PROT_READ = 1
const MAP_SHARED = 1
const MAP_FAILED = 0xffff_ffff_ffff_ffffn

/** The memory that the parent fills; it is sealed, so that this process can only read it. */
export function sharedArea(length: number): Uint8Array {
  const native = koffi()
  const map = native.load('libc.so.6').func('void *mmap(void *, size_t, int, int, int, long)') as (
    ...words: [at: null, length: number, protection: number, flags: number, fd: number, offset: number]
  ) => bigint
  const address = map(null, length, PROT_READ, MAP_SHARED, areaDescriptor, 0)
  if (BigInt.asUintN(64, BigInt(address)) === MAP_FAILED) throw new Error('the memory cannot be mapped')
  return new Uint8Array(native.view(address, length))
}
