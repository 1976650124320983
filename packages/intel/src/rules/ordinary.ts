import { fold } from '@tocsin/model'
import { type Network, networkHolds, readNetwork } from '../networks.ts'

/** Values that machines have without any malice, with what they are. `alone`: only as a document's whole claim. */
export interface Ordinary {
  readonly reason: string
  readonly alone: boolean
}

const emptyFiles: readonly string[] = [
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
]

export function ordinaryHash(hash: string): Ordinary | undefined {
  if (emptyFiles.includes(hash.toLowerCase())) return always('the hash of the empty file')
  return /^0+$/.test(hash) ? always('no hash at all') : undefined
}

const networks: readonly (readonly [reason: string, alone: boolean, ...networks: readonly string[]])[] = [
  ['the machine itself', false, '127.0.0.0/8', '::1'],
  ['any address', false, '0.0.0.0', '::'],
  ['the broadcast address', false, '255.255.255.255'],
  ['an address of the local link', true, '169.254.0.0/16', 'fe80::/10'],
  ['a multicast address', true, '224.0.0.0/4', 'ff00::/8'],
  [
    'a private address, which means another machine in each network',
    true,
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    'fc00::/7',
  ],
  [
    'a public DNS resolver',
    true,
    '8.8.8.8',
    '8.8.4.4',
    '1.1.1.1',
    '1.0.0.1',
    '9.9.9.9',
    '149.112.112.112',
    '208.67.222.222',
    '208.67.220.220',
    '2001:4860:4860::8888',
    '2001:4860:4860::8844',
    '2606:4700:4700::1111',
    '2606:4700:4700::1001',
    '2620:fe::fe',
  ],
]
const ordinaryNetworks = networks.flatMap(([reason, alone, ...texts]) =>
  texts.flatMap((text): readonly (Ordinary & { readonly network: Network })[] => {
    const network = readNetwork(text)
    return network === undefined ? [] : [{ network, reason, alone }]
  }),
)

export function ordinaryAddress(value: string): Ordinary | undefined {
  const asked = readNetwork(value)
  return asked && ordinaryNetworks.find(({ network }) => networkHolds(network, asked))
}

const domains: readonly string[] = [
  ...['google.com', 'www.google.com', 'gstatic.com', 'googleapis.com', 'youtube.com', 'microsoft.com'],
  ...['www.microsoft.com', 'windowsupdate.com', 'update.microsoft.com', 'office.com', 'live.com', 'bing.com'],
  ...['apple.com', 'icloud.com', 'amazon.com', 'amazonaws.com', 'cloudflare.com', 'akamai.net', 'github.com'],
  ...['githubusercontent.com', 'facebook.com', 'wikipedia.org', 'mozilla.org', 'ubuntu.com', 'debian.org'],
  ...['digicert.com', 'letsencrypt.org', 'pool.ntp.org', 'time.windows.com', 'dropbox.com'],
]

export function ordinaryDomain(name: string): Ordinary | undefined {
  const plain = fold(name).replace(/\.$/, '')
  if (plain === 'localhost') return always('the machine itself')
  return domains.includes(plain)
    ? { reason: 'a name that nearly every machine asks for', alone: true }
    : undefined
}

const programs: readonly string[] = [
  ...['svchost.exe', 'explorer.exe', 'lsass.exe', 'services.exe', 'winlogon.exe', 'csrss.exe', 'smss.exe'],
  ...[
    'cmd.exe',
    'powershell.exe',
    'rundll32.exe',
    'regsvr32.exe',
    'wmiprvse.exe',
    'conhost.exe',
    'taskhostw.exe',
  ],
  ...[
    'notepad.exe',
    'msiexec.exe',
    'kernel32.dll',
    'ntdll.dll',
    'user32.dll',
    'bash',
    'sh',
    'dash',
    'systemd',
  ],
  ...['init', 'sshd', 'cron', 'sudo', 'ls', 'cat', 'grep', 'ps', 'python3', 'perl', 'curl', 'wget', 'ssh'],
  ...['libc.so.6', 'launchd', 'zsh'],
]
const folders: readonly string[] = [
  ...['/bin/', '/sbin/', '/usr/bin/', '/usr/sbin/', '/lib/systemd/', '/usr/lib/systemd/', 'c:\\windows\\'],
  ...[
    'c:\\windows\\system32\\',
    'c:\\windows\\syswow64\\',
    'c:\\windows\\system32\\windowspowershell\\v1.0\\',
  ],
]

/** A name, or a path in the folder where such a program belongs. */
export function ordinaryProgram(text: string): Ordinary | undefined {
  const plain = fold(text)
  const at = Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1
  const isAtHome = at === 0 || folders.includes(plain.slice(0, at))
  if (!isAtHome || !programs.includes(plain.slice(at))) return undefined
  return { reason: 'a program or library of the operating system', alone: true }
}

function always(reason: string): Ordinary {
  return { reason, alone: false }
}
