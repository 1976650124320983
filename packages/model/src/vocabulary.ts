import type { ObjectKind, Platform } from './values.ts'

export type PropertyType =
  | 'text'
  /** Compared like text; on Windows always without case. */
  | 'path'
  | 'hash'
  | 'integer'
  | 'address'
  | 'port'
  | 'time'
  | 'boolean'

/** One property that conditions can read; the parser, coverage, completion and the reference page read this table. */
export interface PropertyRow {
  readonly property: string
  readonly object: ObjectKind
  readonly type: PropertyType
  /** Platforms whose recorder can fill it on events. An endpoint's capability says what it really delivers. */
  readonly live: readonly Platform[]
  /** Platforms whose scanner can read it from state. */
  readonly scan: readonly Platform[]
  readonly meaning: string
}

const all: readonly Platform[] = ['linux', 'windows', 'macos']
const linux: readonly Platform[] = ['linux']
const windows: readonly Platform[] = ['windows']
const none: readonly Platform[] = []

type Source = readonly [live: readonly Platform[], scan: readonly Platform[]]
const both: Source = [all, linux]
const eventOnly: Source = [all, none]
const windowsEvent: Source = [windows, none]
const windowsState: Source = [none, windows]
const windowsBoth: Source = [windows, windows]
const stateOnly: Source = [none, linux]
const anyState: Source = [none, ['linux', 'windows']]

function row(property: string, type: PropertyType, source: Source, meaning: string): PropertyRow {
  const object = property.slice(0, property.indexOf('.')) as ObjectKind
  return { property, object, type, live: source[0], scan: source[1], meaning }
}

/** What the version resource of a program for Windows says. */
function versionRows(object: 'process' | 'image', of: string): readonly PropertyRow[] {
  return [
    row(`${object}.original_file_name`, 'text', windowsEvent, `name that ${of} was built with`),
    row(`${object}.description`, 'text', windowsEvent, `description in ${of}`),
    row(`${object}.product`, 'text', windowsEvent, `product that ${of} is part of`),
    row(`${object}.company`, 'text', windowsEvent, `company named in ${of}`),
  ]
}

/** The facts of a process that its parent and its ancestors have too. */
const personal: readonly (readonly [name: string, type: PropertyType, meaning: string])[] = [
  ['path', 'path', 'executable file'],
  ['name', 'text', 'base name of the executable file'],
  ['command_line', 'text', 'argv joined by one blank'],
  ['md5', 'hash', 'MD5 of the executable file'],
  ['sha1', 'hash', 'SHA-1 of the executable file'],
  ['sha256', 'hash', 'SHA-256 of the executable file'],
  ['user_name', 'text', 'effective user'],
  ['user_group', 'text', 'effective group'],
]

const processRows: readonly PropertyRow[] = [
  ...personal.map(([name, type, meaning]) => row(`process.${name}`, type, both, meaning)),
  ...personal.map(([name, type, meaning]) =>
    row(`process.parent_${name}`, type, both, `${meaning}, of the creator`),
  ),
  ...personal.map(([name, type, meaning]) =>
    row(`process.ancestry_${name}`, type, both, `${meaning}, of any ancestor from the parent upwards`),
  ),
  row('process.pid', 'integer', both, 'process id'),
  row('process.parent_pid', 'integer', both, 'process id of the creator'),
  row('process.cwd', 'path', both, 'working directory at start'),
  row('process.start_time', 'time', both, 'start of the image'),
  row('process.container_id', 'text', [linux, linux], 'container that the process runs in'),
  row('process.integrity_level', 'text', windowsEvent, 'mandatory integrity level'),
  ...versionRows('process', 'the executable file'),
  row('process.operation', 'text', eventOnly, 'start or exit'),
  row('process.exit_code', 'integer', eventOnly, 'exit code; 128 and the number of the signal that ended it'),
  row(
    'process.handle',
    'path',
    anyState,
    'an open file or another named object of the kernel, one value each',
  ),
  row('process.mapped_path', 'path', anyState, 'a file that is mapped into memory, one value each'),
  row('process.environment', 'text', anyState, 'a variable of the environment as NAME=value, one value each'),
]

const fileRows: readonly PropertyRow[] = [
  row('file.path', 'path', both, 'full path'),
  row('file.name', 'text', both, 'base name'),
  row('file.directory', 'path', both, 'folder, without a trailing separator'),
  row('file.extension', 'text', both, 'after the last dot of the name, without the dot'),
  row('file.operation', 'text', eventOnly, 'create, write, rename, delete or change'),
  row('file.source_path', 'path', eventOnly, 'path before a rename'),
  row('file.md5', 'hash', both, 'MD5 of the content'),
  row('file.sha1', 'hash', both, 'SHA-1 of the content'),
  row('file.sha256', 'hash', both, 'SHA-256 of the content'),
  row('file.size', 'integer', both, 'bytes'),
  row('file.created', 'time', stateOnly, 'birth time'),
  row('file.modified', 'time', stateOnly, 'time of the last write'),
  row('file.accessed', 'time', stateOnly, 'time of the last read'),
  row('file.changed', 'time', stateOnly, 'time of the last inode change'),
  row('file.owner', 'text', stateOnly, 'owner'),
  row('file.group', 'text', stateOnly, 'group that the file belongs to'),
  row('file.mode', 'text', stateOnly, 'permissions as four octal digits'),
  row('file.inode', 'integer', stateOnly, 'inode number'),
  row('file.format', 'text', stateOnly, 'pe or elf, of a program or library'),
  row('file.machine', 'text', stateOnly, 'processor that a program is for: x86, x86-64, arm, arm64, …'),
  row('file.entry_point', 'integer', stateOnly, 'address at which a program starts'),
  row('file.section', 'text', stateOnly, 'name of a section of a program, one value each'),
  row('file.library', 'text', stateOnly, 'library that a program needs, one value each'),
  row('file.import', 'text', stateOnly, 'function that a program takes from others, one value each'),
  row('file.export', 'text', stateOnly, 'function that a program gives to others, one value each'),
  row('file.compiled', 'time', stateOnly, 'time at which a program for Windows says it was built'),
  row('file.imphash', 'text', stateOnly, 'import hash of a program for Windows'),
  row('file.signed', 'boolean', stateOnly, 'whether a program for Windows carries a signature'),
  row('file.interpreter', 'path', stateOnly, 'loader that a program in ELF asks for'),
  row('file.build_id', 'text', stateOnly, 'build id of a program in ELF, in hexadecimal'),
]

const networkRows: readonly PropertyRow[] = [
  row('network.operation', 'text', eventOnly, 'connect, accept, listen or close'),
  row('network.protocol', 'text', eventOnly, 'tcp or udp'),
  row('network.local_address', 'address', eventOnly, 'own address'),
  row('network.local_port', 'port', eventOnly, 'own port'),
  row('network.remote_address', 'address', eventOnly, "the peer's address"),
  row('network.remote_port', 'port', eventOnly, "the peer's port"),
  row('network.address', 'address', eventOnly, 'either address'),
  row('network.port', 'port', eventOnly, 'either port'),
  row('network.bytes_received', 'integer', [linux, none], 'bytes from the peer, told when it closes'),
  row('network.bytes_sent', 'integer', [linux, none], 'bytes that the peer confirmed, told when it closes'),
  row('connection.protocol', 'text', stateOnly, 'tcp or udp'),
  row('connection.state', 'text', stateOnly, 'established, listen, …'),
  row('connection.local_address', 'address', stateOnly, 'own address'),
  row('connection.local_port', 'port', stateOnly, 'own port'),
  row('connection.remote_address', 'address', stateOnly, "the peer's address"),
  row('connection.remote_port', 'port', stateOnly, "the peer's port"),
  row('connection.address', 'address', stateOnly, 'either address'),
  row('connection.port', 'port', stateOnly, 'either port'),
  row('route.destination', 'address', stateOnly, 'network or machine that it leads to'),
  row('route.netmask', 'address', stateOnly, "mask of the network's addresses"),
  row('route.gateway', 'address', stateOnly, 'machine that it goes through'),
  row('route.interface', 'text', stateOnly, 'network interface'),
  row('route.metric', 'integer', stateOnly, 'of two that fit, the lower one counts'),
  row('neighbour.address', 'address', stateOnly, 'address of a machine on the same link'),
  row('neighbour.mac_address', 'text', stateOnly, 'its hardware address'),
  row('neighbour.interface', 'text', stateOnly, 'network interface'),
  row('neighbour.kind', 'text', stateOnly, 'static or dynamic'),
  row('dns.query', 'text', both, 'name asked for'),
  row('dns.response', 'text', both, 'names and addresses answered'),
]

const otherRows: readonly PropertyRow[] = [
  row('registry.operation', 'text', windowsEvent, 'create, set, rename or delete'),
  row('registry.key_path', 'path', windowsBoth, 'full key path'),
  row('registry.value_name', 'text', windowsBoth, 'name of the value'),
  row('registry.value_data', 'text', windowsBoth, 'data of the value as text'),
  row('image.path', 'path', eventOnly, 'loaded library'),
  row('image.name', 'text', eventOnly, 'base name of the loaded library'),
  row('image.md5', 'hash', eventOnly, 'MD5 of the loaded library'),
  row('image.sha1', 'hash', eventOnly, 'SHA-1 of the loaded library'),
  row('image.sha256', 'hash', eventOnly, 'SHA-256 of the loaded library'),
  ...versionRows('image', 'the library'),
  row('image.signed', 'boolean', windowsEvent, 'whether it carries a valid signature'),
  row('image.signer', 'text', windowsEvent, 'subject of the signature'),
  row('security.operation', 'text', [linux, none], 'ptrace, bpf, setuid or mount'),
  row('security.target_pid', 'integer', [linux, none], 'process that is traced'),
  row('security.target_user', 'text', [linux, none], 'user it became'),
  row('security.target_path', 'path', [linux, none], 'where it mounted'),
  row('security.source', 'text', [linux, none], 'what it mounted'),
  row('driver.path', 'path', eventOnly, 'loaded kernel module or driver'),
  row('driver.name', 'text', eventOnly, 'base name of the module or driver'),
  row('driver.md5', 'hash', eventOnly, 'MD5 of the module or driver'),
  row('driver.sha1', 'hash', eventOnly, 'SHA-1 of the module or driver'),
  row('driver.sha256', 'hash', eventOnly, 'SHA-256 of the module or driver'),
]

const stateRows: readonly PropertyRow[] = [
  row('user.name', 'text', anyState, 'account'),
  row('user.id', 'text', anyState, 'uid or SID'),
  row('user.full_name', 'text', anyState, 'name of the person'),
  row('user.group', 'text', anyState, 'a group of the account, one value each'),
  row('user.home', 'path', anyState, 'home folder'),
  row('user.shell', 'path', stateOnly, 'login shell'),
  row('user.disabled', 'boolean', anyState, 'whether nobody can log in with it'),
  row('user.last_login', 'time', anyState, 'last login'),
  row('service.name', 'text', anyState, 'service or unit'),
  row('service.description', 'text', anyState, 'what it says of itself'),
  row('service.path', 'path', anyState, 'executable file'),
  row('service.command_line', 'text', anyState, 'command that starts it'),
  row('service.file', 'path', anyState, 'file that defines it, or library that holds it'),
  row('service.state', 'text', anyState, 'running or stopped'),
  row('service.start_mode', 'text', anyState, 'auto, manual or disabled'),
  row('service.user', 'text', anyState, 'account it runs as'),
  row('service.pid', 'integer', anyState, 'process id while it runs'),
  row('task.name', 'text', anyState, 'scheduled task'),
  row('task.path', 'path', anyState, 'executable file'),
  row('task.command_line', 'text', anyState, 'command that is run'),
  row('task.file', 'path', anyState, 'file that defines it'),
  row('task.user', 'text', anyState, 'account it runs as'),
  row('task.schedule', 'text', anyState, 'when it runs, as written'),
  row('persistence.kind', 'text', anyState, 'service, task, autostart, profile, preload, module or ssh key'),
  row('persistence.name', 'text', anyState, 'name of the entry'),
  row('persistence.file', 'path', anyState, 'file that holds the entry'),
  row('persistence.path', 'path', anyState, 'file that is started or loaded'),
  row('persistence.command_line', 'text', anyState, 'command that is run'),
  row('persistence.user', 'text', anyState, 'account it is for'),
  row('module.name', 'text', anyState, 'loaded kernel module or driver'),
  row('module.path', 'path', anyState, 'file it was loaded from'),
  row('module.size', 'integer', anyState, 'bytes in memory'),
  row('mount.path', 'path', anyState, 'where it is mounted'),
  row('mount.device', 'text', anyState, 'device or source'),
  row('mount.type', 'text', anyState, 'file system'),
  row('mount.options', 'text', stateOnly, 'an option, one value each'),
  row('package.name', 'text', anyState, 'installed package or application'),
  row('package.version', 'text', anyState, 'its version'),
  row('package.architecture', 'text', anyState, 'its architecture'),
  row('package.publisher', 'text', anyState, 'who maintains it'),
  row('mutex.name', 'text', windowsState, 'named mutex'),
  row('host.name', 'text', anyState, 'name of the machine'),
  row('host.os', 'text', anyState, 'operating system with its version'),
  row('host.kernel', 'text', anyState, 'version of the kernel'),
  row('host.architecture', 'text', anyState, 'architecture of the processor'),
  row('host.address', 'address', anyState, 'an address of the machine, one value each'),
  row('host.mac_address', 'text', anyState, 'a hardware address, one value each'),
  row('host.time_zone', 'text', anyState, 'time zone'),
]

export const vocabulary: ReadonlyMap<string, PropertyRow> = new Map(
  [...processRows, ...fileRows, ...networkRows, ...otherRows, ...stateRows].map((each) => [
    each.property,
    each,
  ]),
)
