import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { native } from './native.ts'
import { platformHere } from './platform-here.ts'

const MADV_DONTNEED = 4
/** Threads that only a start or a new set needs have ended by then. */
const firstAfterMs = 90_000
/** What a burst needed is let go of then. */
const everyMs = 3_600_000

/** Lets go a while after each start and each new set, and once in an hour. */
export class LettingGo {
  private timer: NodeJS.Timeout | undefined

  later(after = firstAfterMs): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      letGo()
      this.later(everyMs)
    }, after)
    this.timer.unref()
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}

/**
 * Gives back what only a start needed: V8's garbage with code that does not run, what malloc keeps for later, and pages
 * of the program, of which the kernel brings those back that are used again. Takes a few hundredths of a second.
 */
export function letGo(): void {
  collectGarbage()
  if (platformHere() !== 'linux') return
  try {
    native().mallocTrim(0)
    for (const { at, length } of programPages(readFileSync('/proc/self/smaps', 'latin1'), process.execPath))
      native().madvise(at, length, MADV_DONTNEED)
  } catch {
    // where the C library or the kernel cannot do that, the agent keeps what it has
  }
}

/** Mappings of the program's own file that hold nothing but the file: what is let go of them is read again as it was. */
export function programPages(
  smaps: string,
  program: string,
): readonly { readonly at: bigint; readonly length: bigint }[] {
  const mappings = smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
  return mappings.flatMap((mapping) => {
    const [, from = '', to = '', path] =
      /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ \d+ +(.+)$/m.exec(mapping) ?? []
    const isOfFile = /^Anonymous: +0 kB$/m.test(mapping) && /^Private_Dirty: +0 kB$/m.test(mapping)
    if (path !== program || !isOfFile) return []
    const at = BigInt(`0x${from}`)
    return [{ at, length: BigInt(`0x${to}`) - at }]
  })
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' })
}
