import { readFile } from 'node:fs/promises'

const foreignTypes =
  /^(?:nfs\d?|cifs|smb\w*|9p|virtiofs|ceph|afs|coda|lustre|gfs2?|ocfs2|glusterfs|fuse(?:\..*|ctl|blk)?|proc|sysfs|cgroup2?|devpts|devtmpfs|debugfs|tracefs|bpf|securityfs|autofs|mqueue|hugetlbfs|configfs|pstore|efivarfs|selinuxfs|binfmt_misc|rpc_pipefs|nsfs|nfsd)$/

/** Network and pseudo file systems: their mount points and device numbers. */
export interface ForeignMounts {
  readonly points: ReadonlySet<string>
  readonly devices: ReadonlySet<bigint>
}

export async function foreignMounts(): Promise<ForeignMounts> {
  return readMounts(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''))
}

// line := id parent major ':' minor root point options … '-' type source options
export function readMounts(mountinfo: string): ForeignMounts {
  const points = new Set<string>()
  const devices = new Set<bigint>()
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ', 2)
    const [, , device = '', , point = ''] = left.split(' ')
    if (!foreignTypes.test(right.split(' ')[0] ?? '')) continue
    points.add(
      point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    const [major = '0', minor = '0'] = device.split(':')
    devices.add(deviceNumber(BigInt(major), BigInt(minor)))
  }
  return { points, devices }
}

/** As the C library puts them together. */
function deviceNumber(major: bigint, minor: bigint): bigint {
  return (minor & 0xffn) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) | ((major & ~0xfffn) << 32n)
}
