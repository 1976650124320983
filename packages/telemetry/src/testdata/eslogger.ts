/** Made-up lines in the form that eslogger writes. */
export interface EsloggerProcess {
  readonly pid: number
  readonly version: number
  readonly path: string
  readonly parent: readonly [pid: number, version: number]
  readonly euid?: number
  readonly adoptedBy?: number
}

const at = '2024-05-06T07:08:09.123456789Z'

/** An event with its number; what the process is stands in `process`. */
export function esloggerLine(
  process: EsloggerProcess,
  event: Readonly<Record<string, unknown>>,
  number?: number,
): string {
  return JSON.stringify({
    schema_version: 1,
    version: 7,
    time: at,
    ...(number === undefined ? {} : { seq_num: number, global_seq_num: number }),
    process: processOf(process),
    event,
  })
}

export function processOf({ pid, version, path, parent, euid = 501, adoptedBy }: EsloggerProcess) {
  return {
    audit_token: { pid, pidversion: version, euid, ruid: euid, egid: 20, rgid: 20, auid: 501, asid: 100_007 },
    ppid: adoptedBy ?? parent[0],
    original_ppid: parent[0],
    parent_audit_token: { pid: parent[0], pidversion: parent[1], euid },
    executable: { path, path_truncated: false, stat: { st_mode: 33_261 } },
    start_time: '2024-05-06T07:08:00.000000Z',
    signing_id: 'com.example',
    is_platform_binary: true,
  }
}

export function execOf(
  from: EsloggerProcess,
  to: EsloggerProcess,
  args: readonly string[],
  number?: number,
): string {
  const target = processOf(to)
  return esloggerLine(
    from,
    { exec: { target, args, cwd: { path: '/Users/ann', path_truncated: false } } },
    number,
  )
}
