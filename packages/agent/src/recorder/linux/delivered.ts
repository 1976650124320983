/** Properties that the events of each source carry. */
const own = ['path', 'name', 'command_line', 'md5', 'sha1', 'sha256', 'user_name', 'user_group']
export const processProperties: readonly string[] = [
  ...own.flatMap((name) => [`process.${name}`, `process.parent_${name}`, `process.ancestry_${name}`]),
  ...of('process', ['pid', 'parent_pid', 'cwd', 'start_time', 'container_id', 'operation', 'exit_code']),
]
export const fileProperties = of('file', [
  'path',
  'name',
  'directory',
  'extension',
  'operation',
  'source_path',
])
/** Without the kernel's programs: of a connection only the other end is told. */
export const remoteProperties = of('network', [
  'operation',
  'remote_address',
  'remote_port',
  'address',
  'port',
])
export const networkProperties: readonly string[] = [
  ...remoteProperties,
  ...of('network', ['protocol', 'local_address', 'local_port', 'bytes_received', 'bytes_sent']),
]
export const dnsProperties = of('dns', ['query', 'response'])
export const imageProperties = of('image', ['path', 'name'])
export const driverProperties = of('driver', ['name'])
export const securityProperties = of('security', [
  'operation',
  'target_pid',
  'target_user',
  'target_path',
  'source',
])

/** What audit tells of: of a mount the place, not what was mounted. */
export const auditEvents = {
  process: processProperties,
  network: remoteProperties,
  driver: driverProperties,
  security: securityProperties.filter((name) => name !== 'security.source'),
} as const
export const auditObjects = [
  'process',
  'network',
  'driver',
  'security',
] as const satisfies (keyof typeof auditEvents)[]

function of(object: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${object}.${name}`)
}
