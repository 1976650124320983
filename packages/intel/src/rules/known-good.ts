import {
  type Condition,
  childrenOf,
  type Diagnostic,
  type NodePath,
  type Term,
  vocabulary,
} from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { networkHolds, readNetwork } from '../networks.ts'
import { remark } from './remark.ts'

/** Values that are on every machine; as indicators they are mistakes of a feed. */
export function knownGood(document: IntelDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  eachPositiveTerm(document.condition, [], true, (term, at) => {
    const good = valuesOf(term, document).find((value) => reasonOf(value, term) !== undefined)
    if (good === undefined) return
    const message = `“${good}” is ${reasonOf(good, term)}: it says nothing bad about an endpoint`
    found.push(remark(document, 'CHK007', { at, message, hint: 'leave the value out' }))
  })
  return found
}

function eachPositiveTerm(
  condition: Condition,
  at: NodePath,
  isPositive: boolean,
  see: (term: Term, at: NodePath) => void,
): void {
  if (condition.kind === 'term') {
    if (isPositive && !condition.negate && condition.apply !== 'none') see(condition, at)
    return
  }
  const inner = condition.kind === 'not' ? !isPositive : isPositive
  for (const [number, child] of childrenOf(condition).entries()) {
    eachPositiveTerm(child, [...at, number], inner, see)
  }
}

function valuesOf({ operand, comparison }: Term, { blobs }: IntelDocument): readonly string[] {
  if (comparison !== 'is' && comparison !== 'in network') return []
  if (operand.kind === 'values') return operand.values.filter((value) => typeof value === 'string')
  if (operand.kind !== 'set') return []
  const blob = blobs.get(operand.digest)
  return blob === undefined ? [] : new TextDecoder().decode(blob).split('\n')
}

function reasonOf(value: string, { property }: Term): string | undefined {
  switch (vocabulary.get(property)?.type) {
    case 'hash':
      return goodHash(value.toLowerCase())
    case 'address':
      return goodAddress(value)
    default:
      return property.startsWith('dns.') && /^localhost\.?$/i.test(value) ? 'the machine itself' : undefined
  }
}

const emptyFiles: readonly string[] = [
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
]

function goodHash(hash: string): string | undefined {
  if (emptyFiles.includes(hash)) return 'the hash of the empty file'
  return /^0+$/.test(hash) ? 'no hash at all' : undefined
}

const ordinary = [
  ['127.0.0.0/8', 'the machine itself'],
  ['::1', 'the machine itself'],
  ['0.0.0.0', 'any address'],
  ['::', 'any address'],
  ['255.255.255.255', 'the broadcast address'],
].flatMap(([network = '', reason = '']) => {
  const read = readNetwork(network)
  return read === undefined ? [] : [{ network: read, reason }]
})

function goodAddress(value: string): string | undefined {
  const asked = readNetwork(value)
  if (asked === undefined) return undefined
  return ordinary.find(({ network }) => networkHolds(network, asked))?.reason
}
