export interface Wildcards {
  /** Any text, also none. */
  readonly many: string
  /** One character. */
  readonly one: string
}

export const likeWildcards: Wildcards = { many: '%', one: '_' }
export const globWildcards: Wildcards = { many: '*', one: '?' }

/**
 * Whether the whole text has the form; characters are code points. Only the latest `many` is ever widened, so it takes
 * at most as many steps as the lengths multiplied.
 */
export function hasForm(text: string, form: string, { many, one }: Wildcards): boolean {
  const wanted = [...form]
  const seen = [...text]
  let [at, place, star, mark] = [0, 0, -1, 0]
  while (at < seen.length) {
    if (wanted[place] === many) {
      star = place
      mark = at
      place += 1
    } else if (place < wanted.length && (wanted[place] === one || wanted[place] === seen[at])) {
      at += 1
      place += 1
    } else if (star >= 0) {
      mark += 1
      at = mark
      place = star + 1
    } else return false
  }
  while (wanted[place] === many) place += 1
  return place === wanted.length
}
