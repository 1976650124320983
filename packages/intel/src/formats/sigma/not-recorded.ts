import type { LogSource } from './log-source.ts'

/** Log sources that no endpoint records, and why; the first that fits tells. */
export const notRecorded: readonly {
  readonly kind: keyof LogSource
  readonly names: readonly string[]
  readonly why: string
}[] = [
  {
    kind: 'category',
    names: ['process_access', 'create_remote_thread', 'process_tampering', 'raw_access_thread'],
    why: 'what one process does inside another, or below the file system, is not recorded',
  },
  {
    kind: 'category',
    names: ['pipe_created', 'create_stream_hash', 'clipboard_capture', 'wmi_event'],
    why: 'pipes, streams of files, the clipboard and WMI are not recorded',
  },
  { kind: 'category', names: ['file_access'], why: 'files that are only read are not recorded' },
  {
    kind: 'category',
    names: ['file_executable_detected', 'file_block_executable', 'file_block_shredding'],
    why: 'it is a judgement of Sysmon; write the rule for file_event or file_delete',
  },
  {
    kind: 'category',
    names: ['sysmon_status', 'sysmon_error'],
    why: 'it is about Sysmon itself, which is not used here',
  },
  {
    kind: 'category',
    names: ['ps_script', 'ps_module', 'ps_classic_start', 'ps_classic_provider_start', 'ps_classic_script'],
    why: 'what runs inside PowerShell is not recorded; its command line is, as process_creation',
  },
  {
    kind: 'category',
    names: ['webserver', 'proxy', 'firewall', 'antivirus', 'database', 'application'],
    why: 'it is the log of an application or a device, and endpoints forward no logs',
  },
  {
    kind: 'product',
    names: ['aws', 'azure', 'gcp', 'm365', 'okta', 'onelogin', 'github', 'bitbucket', 'cisco'],
    why: 'it is the log of a cloud or a device, not of an endpoint',
  },
  {
    kind: 'product',
    names: ['huawei', 'juniper', 'zeek', 'fortios', 'paloalto', 'apache', 'nginx'],
    why: 'it is the log of an application or a device, and endpoints forward no logs',
  },
  {
    kind: 'service',
    names: ['security', 'system', 'application'],
    why: 'event logs of Windows are not read',
  },
  {
    kind: 'service',
    names: ['powershell', 'powershell-classic'],
    why: 'what runs inside PowerShell is not recorded; its command line is, as process_creation',
  },
  {
    kind: 'service',
    names: ['auth', 'syslog', 'cron', 'sudo', 'sshd', 'clamav', 'guacamole', 'vsftpd'],
    why: 'log files of Linux are not read',
  },
]

/** Why a log source is not recorded. */
export function whyUnrecorded(about: LogSource): string {
  const found = notRecorded.find(({ kind, names }) => names.includes(about[kind] ?? ''))
  if (found !== undefined) return found.why
  if (about.product === 'windows' && about.service !== undefined) return 'event logs of Windows are not read'
  return 'it is none of the log sources that endpoints record'
}
