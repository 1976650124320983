/** Of a document that a scan was asked for: none of this endpoint's profile, or one that looks at no state. */
export const notRun = 'not scanned for here'

/** Links, special files and what an operator excluded do not make a pass incomplete. */
const harmless: ReadonlySet<string> = new Set([
  ...[notRun, 'link', 'special file', 'excluded', 'foreign file system', 'vanished', 'no such root'],
  // What memory did not show is open for its process alone.
  ...['memory larger than 64 MiB', 'memory not searched', 'process ended'],
])

/** Whether nothing that a pass is about was left out for this reason. */
export function isHarmless(reason: string): boolean {
  return harmless.has(reason)
}
