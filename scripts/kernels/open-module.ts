import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'

const numbers = { x64: { load: 313, unload: 176 }, arm64: { load: 273, unload: 106 } } as const

/** A kernel module by its file and name: the machine has no insmod. */
export function openModule(path: string, name: string): { load(): void; unload(): void } {
  const library = createRequire(import.meta.url)('koffi').load('libc.so.6')
  const { load, unload } = process.arch === 'arm64' ? numbers.arm64 : numbers.x64
  return {
    load: () => {
      const fd = openSync(path, 'r')
      const call = library.func('long syscall(long, long, const char *, long)')
      if (Number(call(load, fd, '', 0)) !== 0) throw new Error(`${path} was not loaded`)
      closeSync(fd)
    },
    unload: () => {
      const call = library.func('long syscall(long, const char *, long)')
      if (Number(call(unload, name, 0)) !== 0) throw new Error(`${name} was not unloaded`)
    },
  }
}
