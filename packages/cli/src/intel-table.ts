import { harmless, table } from './output.ts'

interface Listed {
  readonly id: number
  readonly kind: string
  readonly name: string
  readonly revision: number
  readonly deployedRevision: number | null
  /** Null: they may not be read. */
  readonly alerts: number | null
  readonly coverage: {
    readonly endpoints: number
    readonly live: number
    readonly scan: number
    readonly history: number
    readonly silent: string | null
  }
}

/** Documents as a table; below it each that no endpoint can evaluate, with the reason. */
export function intelTable(documents: readonly Listed[]): string {
  const headings = ['id', 'kind', 'revision', 'deployed', 'live', 'scan', 'history', 'alerts', 'name']
  const rows = documents.map(({ id, kind, revision, deployedRevision, coverage, alerts, name }) => {
    const of = (count: number) => (coverage.endpoints === 0 ? '–' : `${count}/${coverage.endpoints}`)
    const { live, scan, history } = coverage
    const deployed = deployedRevision === null ? 'no' : String(deployedRevision)
    return [id, kind, revision, deployed, of(live), of(scan), of(history), alerts ?? '–', harmless(name)]
  })
  const silent = documents.flatMap(({ id, coverage }) =>
    coverage.silent === null
      ? []
      : [`WARNING: ${id} will never raise an alert: ${harmless(coverage.silent)}`],
  )
  return [table(headings, rows), ...silent].join('\n')
}
