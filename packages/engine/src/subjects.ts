import type { Cut, Instance, Literal } from '@tocsin/model'

/**
 * What a finding is about, the same on every rescan and restart: a file is its path and content, a process its
 * key, anything else the instance itself.
 */
export function subjectOf(instances: readonly Instance[]): string {
  return [...new Set(instances.map(partOf))].sort().join('&')
}

function partOf(instance: Instance): string {
  if (instance.object !== 'file') return instance.key
  const path = textOf(instance.read('file.path').values[0])
  const sha256 = textOf(instance.read('file.sha256').values[0])
  return path === '' ? instance.key : `${path}|${sha256}`
}

function textOf(value: Literal | Cut | undefined): string {
  if (typeof value === 'string') return value
  return value !== null && typeof value === 'object' && 'cut' in value ? value.cut : ''
}
