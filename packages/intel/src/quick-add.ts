import type { Micros } from '@tocsin/model'
import { type Observable, observableOf } from './formats/list/observable.ts'
import { readList } from './formats/list/read-list.ts'
import { refang } from './formats/list/refang.ts'
import { isFileName } from './formats/list/rejection.ts'
import { printAsOpenIoc } from './formats/openioc/print-openioc.ts'
import { type Printed, refusedFor } from './print/printed.ts'

/** More values are a list, not something that somebody pasted. */
export const mostQuickAdded = 1_000
const mostRejected = 1_000

export interface QuickAdded {
  /** An OpenIOC document, or why there is none. */
  readonly printed: Printed
  /** In the order of first mention. */
  readonly found: readonly Observable[]
  /** What looks like a value and is none: hashes of other lengths, addresses out of range, ports, e-mail addresses. */
  readonly rejected: readonly string[]
}

/** Makes an OpenIOC document of whatever hashes, addresses, domains and URLs stand in a text, defanged or not. */
export function quickAdd(
  text: string,
  { name, at }: { readonly name: string; readonly at: Micros },
): QuickAdded {
  const found = new Map<string, Observable>()
  const rejected = new Set<string>()
  for (const [word] of text.matchAll(/\S+/g)) {
    const told = wordOf(word)
    const seen = told === '' ? undefined : observableIn(told)
    if (seen !== undefined) found.set(`${seen.of} ${seen.value}`, seen)
    else if (rejected.size < mostRejected && looksLikeValue(told)) rejected.add(told)
  }
  const values = [...found.values()]
  return { printed: printed(values, { name, at }), found: values, rejected: [...rejected] }
}

function printed(
  values: readonly Observable[],
  { name, at }: { readonly name: string; readonly at: Micros },
): Printed {
  if (values.length === 0) return refusedFor('no hash, address, network, domain or URL is in the text')
  if (values.length > mostQuickAdded)
    return refusedFor(`${values.length} values; more than ${mostQuickAdded} are a list, one value a line`)
  const lines = values.map(({ value }) => value).join('\n')
  const { document } = readList(new TextEncoder().encode(lines), { name })
  return document === undefined ? refusedFor('the values are no list') : printAsOpenIoc(document, at)
}

/** Without the brackets, quotes and punctuation that prose puts around a word; those of a defanged value stay. */
function wordOf(word: string): string {
  return word
    .slice(0, 4_096)
    .replace(/^(?:["'“”‘’«»<`*_,;]|[([{](?!\.|dot|:|at\b))+/i, '')
    .replace(/(?:["'“”‘’«»>`*,;!?]|\.(?=$)|:(?=$)|(?<![[({](?:\.|dot|:))[)\]}])+$/i, '')
}

/** What stands behind a label (`MD5:…`, `sha256=…`) is the value. */
function observableIn(word: string): Observable | undefined {
  const bare = /^(?:md5|sha-?1|sha-?256|ip|domain|url|host)[:=](.+)$/i.exec(word)?.[1] ?? word
  const plain = refang(bare)
  const seen = observableOf(plain)
  const isNamed = seen?.of === 'domain' || (seen?.of === 'url' && !plain.includes('://'))
  return seen !== undefined && isNamed && !isHostName(seen.host ?? seen.value) ? undefined : seen
}

/** Prose has more words with a dot in them than a list: files, abbreviations, versions. */
function isHostName(name: string): boolean {
  if (/^[\d.]+$/.test(name)) return true
  return /\.(?:\p{L}{2,}|xn--[a-z0-9-]+)$/u.test(name) && !isFileName(name) && !otherFiles.test(name)
}

const otherFiles =
  /\.(?:js|xlsm|log|iso|img|aspx?|json|xml|ya?ml|csv|py|go|rs|ts|cpp|elf|rar|7z|gz|tar|msi|png|jpe?g|gif|svg|conf|cfg|ini|service|local)$/i

function looksLikeValue(word: string): boolean {
  if (/^[0-9a-f]{24,128}$/i.test(word)) return true
  if (/^(?:hxxps?|https?|ftp):/i.test(word)) return true
  return (
    /\[\.\]|\(dot\)|\[dot\]/i.test(word) ||
    /^\d{1,3}(?:\.\d{1,3}){3}\b/.test(word) ||
    /^\S+@\S+\.\S+$/.test(word)
  )
}
