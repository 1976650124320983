import { Failure } from '../http/failure.ts'

export type RawQuery = Readonly<Record<string, string | readonly string[]>>

/** A page as Tanium's clients ask for it; `null` means without limit. */
export interface Page {
  readonly limit: number | null
  readonly offset: number
}

/** Every value of a repeated name; empty ones are ignored, as `labelName=` is sent. */
export function valuesOf(query: RawQuery, name: string): readonly string[] {
  const value = query[name]
  const values = typeof value === 'string' ? [value] : (value ?? [])
  return values.filter((each) => each !== '')
}

/** `limit` (or `length`), `offset` and `noLimit=true`; malformed numbers are refused. */
export function pageOf(
  query: RawQuery,
  standard: { readonly usual: number | null; readonly most: number },
): Page {
  const offset = numberOf(query, 'offset') ?? 0
  if (valuesOf(query, 'noLimit')[0]?.toLowerCase() === 'true') return { limit: null, offset }
  const limit = numberOf(query, 'limit') ?? numberOf(query, 'length') ?? standard.usual
  if (limit !== null && limit > standard.most) {
    throw new Failure('request.malformed', { detail: `limit is at most ${standard.most}` })
  }
  return { limit, offset }
}

/** `sort=-createdAt`, `sort=+alertedAt`, `sort=id`; an unknown name sorts as usual. */
export function sortOf<Name extends string>(
  query: RawQuery,
  names: Readonly<Record<string, Name>>,
  usual: { readonly by: Name; readonly descending: boolean },
): { readonly by: Name; readonly descending: boolean } {
  const [text] = valuesOf(query, 'sort')
  if (text === undefined) return usual
  const by = names[text.replace(/^[-+ ]/, '')]
  return by === undefined ? usual : { by, descending: text.startsWith('-') }
}

/** Integers of a repeated name; anything else is refused. */
export function integersOf(query: RawQuery, name: string): readonly number[] {
  return valuesOf(query, name).map((text) => {
    if (!/^\d{1,15}$/.test(text)) throw new Failure('request.malformed', { detail: `${name} is an integer` })
    return Number(text)
  })
}

/**
 * ISO times as clients write them: with `Z`, with an offset whose `+` arrived as a blank, and the malformed
 * `…:000000Z` of an old client. µs; `null` where it is not a time at all.
 */
export function timeOf(query: RawQuery, name: string): number | null {
  const [text] = valuesOf(query, name)
  if (text === undefined) return null
  const repaired = text.replace(/:(\d{6})Z$/, '.$1Z').replace(/ (\d\d:\d\d)$/, '+$1')
  const parsed = Date.parse(repaired)
  if (Number.isNaN(parsed)) throw new Failure('request.malformed', { detail: `${name} is an ISO 8601 time` })
  return parsed * 1000
}

function numberOf(query: RawQuery, name: string): number | null {
  return integersOf(query, name)[0] ?? null
}
