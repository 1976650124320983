import { readFile } from 'node:fs/promises'

/** What root must be able to do to give each process a uid of its own: bits of CAP_… */
const needed = {
  CAP_CHOWN: 0,
  CAP_DAC_OVERRIDE: 1,
  CAP_FOWNER: 3,
  CAP_FSETID: 4,
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
} as const

/** Why this root cannot run processes under these uids; null if it can. */
export async function whyNotSeparate(uids: readonly number[]): Promise<string | null> {
  const [status, uidMap] = await Promise.all([
    readFile('/proc/self/status', 'utf8'),
    readFile('/proc/self/uid_map', 'utf8').catch(() => ''),
  ])
  return whyNot(status, uidMap, uids)
}

/** As `whyNotSeparate`, from the texts of /proc/self/status and /proc/self/uid_map. */
export function whyNot(status: string, uidMap: string, uids: readonly number[]): string | null {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
  const missing = Object.entries(needed).flatMap(([name, bit]) =>
    (effective >> BigInt(bit)) & 1n ? [] : [name],
  )
  if (missing.length > 0) return `lacks ${missing.join(', ')}`
  const ranges = uidMap
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const isMapped = (uid: number) =>
    ranges.some(([from = 0, , count = 0]) => uid >= from && uid < from + count)
  const absent = uidMap === '' ? undefined : uids.find((uid) => !isMapped(uid))
  return absent === undefined ? null : `is in a user namespace without uid ${absent}`
}
