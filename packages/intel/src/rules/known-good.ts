import {
  type Condition,
  childrenOf,
  type Diagnostic,
  type NodePath,
  type Term,
  vocabulary,
} from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { type Ordinary, ordinaryAddress, ordinaryDomain, ordinaryHash, ordinaryProgram } from './ordinary.ts'
import { remark } from './remark.ts'

/** Values that are on every machine; as indicators they are mistakes of a feed. */
export function knownGood(document: IntelDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const see = (term: Term, at: NodePath, alone: boolean) => {
    for (const value of valuesOf(term, document)) {
      const ordinary = ordinaryValue(value, term)
      if (ordinary === undefined || (ordinary.alone && !alone)) continue
      const message = `“${value}” is ${ordinary.reason}: it says nothing bad about an endpoint`
      const hint = ordinary.alone ? 'leave the value out, or say what else must be so' : 'leave the value out'
      found.push(remark(document, 'CHK007', { at, message, hint }))
      return
    }
  }
  eachPositiveTerm({ condition: document.condition, at: [], isPositive: true, isAlone: true }, see)
  return found
}

interface Place {
  readonly condition: Condition
  readonly at: NodePath
  readonly isPositive: boolean
  /** Nothing else must be so. */
  readonly isAlone: boolean
}

function eachPositiveTerm(place: Place, see: (term: Term, at: NodePath, alone: boolean) => void): void {
  const { condition, at, isPositive, isAlone } = place
  if (condition.kind === 'term') {
    if (isPositive && !condition.negate && condition.apply !== 'none') see(condition, at, isAlone)
    return
  }
  const children = childrenOf(condition)
  const joins = (condition.kind === 'and' || condition.kind === 'all-of') && children.length > 1
  for (const [number, child] of children.entries()) {
    eachPositiveTerm(
      {
        condition: child,
        at: [...at, number],
        isPositive: condition.kind === 'not' ? !isPositive : isPositive,
        isAlone: isAlone && !joins,
      },
      see,
    )
  }
}

function valuesOf({ operand, comparison }: Term, { blobs }: IntelDocument): readonly string[] {
  if (comparison !== 'is' && comparison !== 'in network') return []
  if (operand.kind === 'values') return operand.values.filter((value) => typeof value === 'string')
  if (operand.kind !== 'set') return []
  const blob = blobs.get(operand.digest)
  return blob === undefined ? [] : new TextDecoder().decode(blob).split('\n')
}

function ordinaryValue(value: string, { property, comparison }: Term): Ordinary | undefined {
  switch (vocabulary.get(property)?.type) {
    case 'hash':
      return ordinaryHash(value)
    case 'address': {
      const ordinary = ordinaryAddress(value)
      return comparison === 'is' || ordinary?.alone === false ? ordinary : undefined
    }
    default:
      if (property.startsWith('dns.')) return ordinaryDomain(value)
      return /^(?:file|process|image)\.(?:name|path)$/.test(property) ? ordinaryProgram(value) : undefined
  }
}
