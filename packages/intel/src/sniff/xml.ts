import type { Kind } from '@tocsin/model'

/** The kind of an XML document by its root element, without reading further than that. */
export function sniffXml(head: string): Kind | undefined {
  const root = rootOf(head)
  if (root === undefined) return undefined
  const tag = /^<(?:([\w.-]+):)?([\w.-]+)/.exec(root)
  const prefix = tag?.[1]
  const name = tag?.[2] ?? ''
  const declaration = prefix === undefined ? 'xmlns' : `xmlns:${prefix}`
  return kindOfNamespace(attribute(root, declaration) ?? '') ?? kindOfName(name)
}

/** The start tag of the root element, behind declaration, comments and document type. */
function rootOf(head: string): string | undefined {
  let at = 0
  while (at < head.length) {
    if (/\s/.test(head[at] ?? '')) at += 1
    else if (head.startsWith('<!--', at)) at = behind(head, '-->', at)
    else if (head.startsWith('<?', at)) at = behind(head, '?>', at)
    else if (head.startsWith('<!', at)) at = behind(head, '>', at)
    else return head[at] === '<' ? head.slice(at, behind(head, '>', at)) : undefined
  }
  return undefined
}

function behind(head: string, end: string, at: number): number {
  const found = head.indexOf(end, at)
  return found === -1 ? head.length : found + end.length
}

function attribute(tag: string, name: string): string | undefined {
  for (const found of tag.matchAll(/\s([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (found[1] === name) return found[2] ?? found[3]
  }
  return undefined
}

function kindOfNamespace(namespace: string): Kind | undefined {
  if (/^https?:\/\/schemas\.mandiant\.com\/|^https?:\/\/openioc\.org\//i.test(namespace)) return 'openioc'
  if (/^https?:\/\/cybox\.mitre\.org\//i.test(namespace)) return 'cybox'
  return /^https?:\/\/stix\.mitre\.org\//i.test(namespace) ? 'stix' : undefined
}

const roots: ReadonlyMap<string, Kind> = new Map([
  ['ioc', 'openioc'],
  ['openioc', 'openioc'],
  ['stix_package', 'stix'],
  ['observables', 'cybox'],
])

function kindOfName(name: string): Kind | undefined {
  return roots.get(name.toLowerCase())
}
