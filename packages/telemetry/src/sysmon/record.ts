import type { Platform } from '@tocsin/model'

/** A Sysmon event whatever it was written in: its id and its named values. */
export interface SysmonRecord {
  readonly id: number
  readonly values: ReadonlyMap<string, string>
  readonly host: string
  readonly platform: Platform
  /** When the log took it, for records without a time of their own; ISO 8601. */
  readonly loggedAt: string | undefined
}

/** An event of another log, or of none that is known: told by name, not read. */
export interface OtherRecord {
  readonly other: string
}

const longestName = 80

/** Who wrote an event, as far as that decides whether it is Sysmon's. */
export function providerOf(name: string): Platform | undefined {
  if (/linux-sysmon/i.test(name)) return 'linux'
  return /sysmon/i.test(name) ? 'windows' : undefined
}

export function otherRecord(provider: string, id: string): OtherRecord {
  return { other: `${provider.slice(0, longestName)} ${id.slice(0, 20)}`.trim() }
}
