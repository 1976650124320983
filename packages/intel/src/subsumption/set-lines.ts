import type { Operand } from '@tocsin/model'

/** Larger sets are only compared by their digest. */
const largest = 8 << 20

const known = new WeakMap<Uint8Array, ReadonlySet<string>>()

/** The values of a set; nothing if they are not at hand or too many. */
export function setLines(
  operand: Operand,
  blobs: ReadonlyMap<string, Uint8Array>,
): ReadonlySet<string> | undefined {
  const blob = operand.kind === 'set' ? blobs.get(operand.digest) : undefined
  if (blob === undefined || blob.length > largest) return undefined
  const lines = known.get(blob) ?? new Set(new TextDecoder().decode(blob).split('\n').filter(Boolean))
  known.set(blob, lines)
  return lines
}

/** The domain and those above it. */
export function domainsAbove(domain: string): readonly string[] {
  const labels = domain.split('.')
  return labels.map((_, at) => labels.slice(at).join('.'))
}
