import { globWildcards, hasForm, type Platform } from '@tocsin/model'

/** So many paths are remembered with the answer; then they are forgotten together. */
const mostRemembered = 10_000

/** A function that tells whether a path has one of the forms. Forms without a wildcard, or with one at the end, cost next to nothing. */
export function pathForms(forms: readonly string[], platform: Platform): (path: string) => boolean {
  const plain = platform === 'windows' ? (text: string) => text.toLowerCase() : (text: string) => text
  const all = forms.map(plain)
  const isForm = (text: string) => /[*?]/.test(text)
  const exact = new Set(all.filter((form) => !isForm(form)))
  const starts = all.filter((form) => form.endsWith('*') && !isForm(form.slice(0, -1)))
  const others = all.filter((form) => isForm(form) && !starts.includes(form))
  const has = (path: string) =>
    exact.has(path) ||
    starts.some((form) => path.startsWith(form.slice(0, -1))) ||
    others.some((form) => hasForm(path, form, globWildcards))
  if (others.length === 0) return (path) => has(plain(path))
  return remembered((path) => has(plain(path)))
}

function remembered(has: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>()
  return (path) => {
    const before = known.get(path)
    if (before !== undefined) return before
    if (known.size >= mostRemembered) known.clear()
    const found = has(path)
    known.set(path, found)
    return found
  }
}
