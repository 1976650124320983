import type { ContentResults, ContentSeen } from '@tocsin/engine'
import type { Found } from './content/content.ts'
import type { Quarantine } from './content/quarantine.ts'

export interface Circumstances {
  readonly quarantine: Quarantine
  /** Texts that no engine here runs. */
  readonly unrun: ReadonlySet<string>
  /** Not all bytes were searched: what was not found may still be there. */
  readonly isPart?: boolean
}

/** What programs are told of content; what did not run denies nothing. */
export function resultsOf(
  found: Found | undefined,
  { quarantine, unrun, isPart = false }: Circumstances,
): ContentResults {
  if (found === undefined) return () => undefined
  const unread = new Set(found.unread)
  const matches = Map.groupBy(found.matches, ({ source }) => source)
  return ({ source, rule }) => {
    if (unrun.has(source)) return undefined
    const own = (matches.get(source) ?? []).filter((match) => rule === undefined || match.rule === rule)
    if (own.length > 0) return { verdict: 'match', offsets: offsetsOf(own) }
    return isPart || unread.has(source) || quarantine.holds(source, rule) ? undefined : denied
  }
}

const denied: ContentSeen = { verdict: 'no-match', offsets: [] }
const mostOffsets = 100
const longestName = 200

function offsetsOf(matches: Found['matches']): ContentSeen['offsets'] {
  const offsets = matches.flatMap((match) =>
    match.offsets.map((each) => ({ ...each, string: `${match.rule}:${each.string}`.slice(0, longestName) })),
  )
  return offsets.slice(0, mostOffsets)
}
