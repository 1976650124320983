import type { Signal, SignalTerm } from './ast.ts'
import { signalProperty } from './properties.ts'

/** Versions that features other than properties need. */
export const featureVersions = { group: 2, createOperation: 4, bareEventTerm: 6 } as const

/** The lowest syntax_version that has every feature the signal uses. */
export function syntaxVersion(signal: Signal, inGroup = false): number {
  switch (signal.kind) {
    case 'term':
      return versionOfTerm(signal, inGroup)
    case 'group':
      return Math.max(featureVersions.group, syntaxVersion(signal.part, true))
    default:
      return Math.max(...signal.parts.map((part) => syntaxVersion(part, inGroup)))
  }
}

function versionOfTerm({ object, property, value }: SignalTerm, inGroup: boolean): number {
  const since = signalProperty(`${object}.${property}`)?.since ?? 1
  if (object === 'process') return since
  const creates = object === 'file' && property === 'operation' && value.toLowerCase() === 'create'
  return Math.max(
    since,
    creates ? featureVersions.createOperation : 1,
    inGroup ? 1 : featureVersions.bareEventTerm,
  )
}
