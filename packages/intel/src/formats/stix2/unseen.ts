import type { ObjectPath } from './pattern/ast.ts'
import { printPath } from './pattern/print-pattern.ts'
import { spelledAlike } from './views.ts'

/** Why no endpoint sees the objects of a type, or a property of those that it sees. */
export const unseenTypes: Readonly<Record<string, string>> = {
  'email-addr': 'e-mail is not recorded',
  'email-message': 'e-mail is not recorded',
  'x509-certificate': 'the certificates of connections are not recorded',
  'autonomous-system': 'to which network an address belongs is not known on an endpoint',
  app: 'apps of phones are not seen',
  'android-property': 'settings of phones are not seen',
  'ios-profile': 'profiles of phones are not seen',
}

/** The first pattern that fits tells; paths without the object's type. */
export const unseenPaths: Readonly<Record<string, readonly (readonly [path: RegExp, why: string])[]>> = {
  file: [
    [/^hashes\.(?:ssdeep|tlsh|vhash)/, 'fuzzy hashes are compared by likeness, which no endpoint does'],
    [/^hashes\./, 'no endpoint computes this hash'],
    [/^mime_type/, 'the type of a file is not determined'],
    [/^name_enc|^path_enc/, 'the encoding of names is not recorded'],
    [/archive-ext/, 'archives are not looked into'],
    [/raster-image-ext/, 'pictures are not looked into'],
    [/ntfs-ext/, 'alternate streams are not scanned'],
    [/contains_refs/, 'what a file contains is not looked into'],
  ],
  artifact: [[/^mime_type/, 'the type of a file is not determined']],
  process: [
    [/windows-process-ext/, 'this state of a Windows process is not scanned'],
    [/windows-service-ext/, 'this property of a service is not scanned'],
    [/^child_refs/, 'a process knows its parent, not its children'],
    [/^is_hidden/, 'a process that hides from the system hides from a scan'],
  ],
  'network-traffic': [
    [/http-request-ext/, 'what requests say is not recorded'],
    [/(?:tcp|icmp|socket)-ext/, 'packets and options of sockets are not recorded'],
    [/_byte_count$|_packets$|^ipfix|payload_ref/, 'what passes the network is not recorded'],
    [/^start|^end|^is_active/, 'the length of connections is not recorded'],
  ],
  'windows-registry-key': [
    [/^modified|^number_of_subkeys|^creator/, 'this property of a key is not scanned'],
  ],
  'ipv4-addr': [[/./, 'to what an address belongs is not known on an endpoint']],
  'ipv6-addr': [[/./, 'to what an address belongs is not known on an endpoint']],
}

/** A message that names the path and why it cannot be evaluated. */
export function whyUnseen(path: ObjectPath): string {
  return `${printPath(path)} is not evaluable: ${reasonFor(path)}`
}

function reasonFor(path: ObjectPath): string {
  const ofType = Object.hasOwn(unseenTypes, path.objectType) ? unseenTypes[path.objectType] : undefined
  if (ofType !== undefined) return ofType
  const spelled = spelledAlike(path)
  const paths = Object.hasOwn(unseenPaths, path.objectType) ? (unseenPaths[path.objectType] ?? []) : []
  const found = paths.find(([pattern]) => pattern.test(spelled))
  if (found !== undefined) return found[1]
  if (/^x[-_]|^x_/.test(path.objectType)) return 'it is not one of the standard’s objects'
  return 'no recorder and no scanner knows it'
}
