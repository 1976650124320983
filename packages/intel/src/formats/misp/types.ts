import type { Fact } from './fact.ts'

/** What becomes of attributes of some types: what they are looked for as, or why they are not. */
export interface MispTypes {
  readonly types: readonly string[]
  readonly of?: Fact['of']
  /** Looked for in the content of files, or of memory. */
  readonly content?: 'imphash' | 'pdb' | 'text in files' | 'text in memory'
  readonly why?: string
}

/** Every type of MISP's core format; the reader and the reference page read this table. */
export const mispTypes: readonly MispTypes[] = [
  { types: ['md5', 'x-md5'], of: 'md5' },
  { types: ['sha1'], of: 'sha1' },
  { types: ['sha256'], of: 'sha256' },
  { types: ['filename'], of: 'name' },
  // Who reaches out to the endpoint is its peer as well.
  { types: ['ip-dst', 'ip-src'], of: 'remote' },
  { types: ['domain', 'hostname', 'onion-address'], of: 'domain' },
  { types: ['url', 'uri'], of: 'url' },
  { types: ['regkey'], of: 'key' },
  { types: ['mutex'], of: 'mutex' },
  { types: ['named pipe'], of: 'handle' },
  { types: ['windows-service-name'], of: 'service' },
  { types: ['windows-service-displayname'], of: 'service-title' },
  { types: ['windows-scheduled-task'], of: 'task' },
  { types: ['size-in-bytes'], of: 'size' },
  { types: ['port'], of: 'remote-port' },
  { types: ['imphash'], content: 'imphash' },
  { types: ['pdb'], content: 'pdb' },
  { types: ['pattern-in-file'], content: 'text in files' },
  { types: ['pattern-in-memory'], content: 'text in memory' },
  {
    types: [
      'ssdeep',
      'tlsh',
      'impfuzzy',
      'vhash',
      'telfhash',
      'pehash',
      'authentihash',
      'cdhash',
      'dom-hash',
    ],
    why: 'endpoints compute MD5, SHA-1, SHA-256 and imphash only',
  },
  {
    types: [
      ...['sha224', 'sha384', 'sha512', 'sha512/224', 'sha512/256'],
      ...['sha3-224', 'sha3-256', 'sha3-384', 'sha3-512'],
    ],
    why: 'endpoints compute MD5, SHA-1, SHA-256 and imphash only',
  },
  {
    types: [
      ...[
        'email',
        'email-src',
        'email-dst',
        'email-subject',
        'email-attachment',
        'email-body',
        'email-header',
      ],
      ...[
        'email-reply-to',
        'email-x-mailer',
        'email-mime-boundary',
        'email-thread-index',
        'email-message-id',
      ],
      ...['email-src-display-name', 'email-dst-display-name', 'dkim', 'dkim-signature', 'dns-soa-email'],
    ],
    why: 'no endpoint sees e-mail',
  },
  {
    types: [
      ...['user-agent', 'http-method', 'cookie', 'ja3-fingerprint-md5', 'jarm-fingerprint', 'hassh-md5'],
      ...['hasshserver-md5', 'community-id', 'favicon-mmh3', 'pattern-in-traffic', 'ssh-fingerprint'],
      ...['x509-fingerprint-md5', 'x509-fingerprint-sha1', 'x509-fingerprint-sha256'],
      ...['mac-address', 'mac-eui-64', 'AS'],
    ],
    why: 'no endpoint looks into traffic',
  },
  { types: ['snort', 'bro', 'zeek'], why: 'it is a rule for network sensors' },
  {
    types: ['yara', 'sigma', 'stix2-pattern'],
    why: 'it is a document of its own; upload it by itself',
  },
  { types: ['filename-pattern', 'kusto-query', 'cortex'], why: 'MISP does not say in which language it is' },
  {
    types: ['malware-type', 'gene', 'process-state', 'mime-type', 'hex'],
    why: 'it is no value that an endpoint shows',
  },
  {
    types: ['azure-application-id', 'mobile-application-id', 'chrome-extension-id'],
    why: 'endpoints have no list of such applications',
  },
]

const byType: ReadonlyMap<string, MispTypes> = new Map(
  mispTypes.flatMap((row) => row.types.map((type) => [type.toLowerCase(), row] as const)),
)

/** What becomes of a type; people, money and notes have no row. */
export function mispType(type: string): MispTypes | undefined {
  return byType.get(type)
}

/** Why attributes of a type are left out. */
export function whyLeftOut(type: string): string {
  const parts = type.split('|')
  const reasons = parts.map((part) => mispType(part)?.why)
  const told = reasons.find((reason) => reason !== undefined)
  if (told !== undefined) return told
  const alone = parts.map((part) => mispType(part)?.of).find((of) => of === 'size' || of === 'remote-port')
  return alone === undefined
    ? 'it tells of people, money or context, not of endpoints'
    : 'alone it is on every endpoint'
}
