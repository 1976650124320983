import { type Explanation, type Fields, type Finding, storableText } from '@tocsin/model'

export type MatchType = 'process' | 'file' | 'port'

/** What kind of thing a finding is about. */
export function matchTypeOf(finding: Finding): MatchType {
  if (finding.mode === 'live' && finding.chain.length > 0) return 'process'
  const object = targetOf(finding)?.object
  if (object === 'file') return 'file'
  return object === 'connection' || object === 'network' ? 'port' : 'process'
}

/** The path that an alert's row shows: of the file, else of the acting process. */
export function pathOf(finding: Finding): string {
  const target = targetOf(finding)
  const path =
    matchTypeOf(finding) === 'file' && target !== undefined
      ? textOf(target.fields, 'file.path')
      : textOf(finding.chain[0]?.fields ?? target?.fields ?? {}, 'process.path')
  return storableText(path).slice(0, 4_096)
}

type Seen = Explanation['instances'][number]

/** What a finding is about where no process acted: the first file or connection among its instances. */
function targetOf({ explanation }: Finding): Seen | undefined {
  const { instances } = explanation
  return (
    instances.find(({ object }) => object === 'file' || object === 'connection' || object === 'network') ??
    instances[0]
  )
}

function textOf(fields: Fields, property: string): string {
  const value = fields[property]?.values[0]
  if (typeof value === 'string') return value
  return value !== null && typeof value === 'object' && 'cut' in value ? value.cut : ''
}
