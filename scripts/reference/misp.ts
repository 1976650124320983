import { type MispTypes, mispTypes } from '../../packages/intel/src/index.ts'
import { codes, table } from './table.ts'

/** What becomes of the attributes of MISP events. */
export function mispPage(): string {
  const sought = mispTypes.filter(({ why }) => why === undefined)
  const left = mispTypes.flatMap(({ types, why }) => (why === undefined ? [] : [[codes(types), why]]))
  return `# MISP
How events are read: [Sigma, MISP and lists](../guides/sigma-misp-and-lists.md). Here stands what becomes of each type of attribute.

Only attributes with \`to_ids\` are looked for, and none that is deleted. A composite such as \`filename|md5\` or \`ip-dst|port\` is one file or
connection that has both; \`malware-sample\` is \`filename|md5\`. Of the objects \`file\`, \`process\`, \`ip-port\`, \`network-connection\`, \`domain-ip\`
and \`registry-key\` all attributes are about one instance, several of a kind being alternatives; of other objects each attribute counts
alone.

## Looked for

${table(
  ['type', 'looked for as'],
  sought.map((row) => [codes(row.types), meaningOf(row)]),
)}

## Left out
A warning names how many of each type were left out, and why. Types in neither table tell of people, money or context.

${table(['type', 'why'], left)}
`
}

const asFacts: Readonly<Record<NonNullable<MispTypes['of']>, string>> = {
  md5: 'MD5 of a file, program, library or driver',
  sha1: 'SHA-1 of a file, program, library or driver',
  sha256: 'SHA-256 of a file, program, library or driver',
  name: 'name of a file, program, library or driver; with folders, the end of its path',
  path: 'end of a path',
  size: 'size of a file, beside other facts only',
  remote: 'the peer of a connection, or an answer of DNS',
  local: 'own address of a connection',
  'remote-port': "the peer's port, beside other facts only",
  'local-port': 'own port, beside other facts only',
  domain: 'a name asked of DNS: the domain or one below it',
  url: 'its host in DNS and connections, its text in command lines',
  key: 'part of the path of a registry key',
  data: 'data of a registry value',
  mutex: 'a mutex',
  handle: 'the end of the name of an open handle',
  command: 'part of a command line',
  service: 'name of a service',
  'service-title': 'title of a service',
  task: 'name of a scheduled task',
}

const asContent: Readonly<Record<NonNullable<MispTypes['content']>, string>> = {
  imphash: 'imphash of a program, by YARA',
  pdb: 'path of its debug information, by YARA',
  'text in files': 'text in the content of files, by YARA',
  'text in memory': 'text in the memory of processes, by YARA',
}

function meaningOf({ of, content }: MispTypes): string {
  return of === undefined ? (content === undefined ? '' : asContent[content]) : asFacts[of]
}
