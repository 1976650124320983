import { signalObjects } from '../formats/signal/properties.ts'
import { cutYara } from '../formats/yara/cut-yara.ts'

/** Begins with a rule, or with imports and includes before one. */
export function looksLikeYara(head: string): boolean {
  const pieces = [...cutYara(head.slice(0, 16_384))]
  let at = 0
  for (;;) {
    const word = pieces[at]?.kind === 'word' ? pieces[at]?.text : undefined
    const next = pieces[at + 1]
    if ((word === 'import' || word === 'include') && next?.kind === 'text') at += 2
    else if (word === 'private' || word === 'global') at += 1
    else return word === 'rule' && next?.kind === 'word' && opensBody(pieces[at + 2]?.text)
  }
}

function opensBody(text: string | undefined): boolean {
  return text === '{' || text === ':'
}

/** Begins with a term of a signal: object, property and condition. */
export function looksLikeSignal(head: string): boolean {
  const found = /^(?:\(|\s|group(?=\s*\())*([a-z]+)\.[a-z_.]+\s+(?:is|contains|starts|ends|matches)\b/i.exec(
    head,
  )
  return found !== null && signalObjects.includes(found[1]?.toLowerCase() ?? '')
}

/** YAML with the keys that every Sigma rule has. */
export function looksLikeSigma(head: string): boolean {
  return /^title\s*:/m.test(head) && /^(?:detection|correlation|filter)\s*:/m.test(head)
}
