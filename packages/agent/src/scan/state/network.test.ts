import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { fakeRoot, type Lying, told } from '../../testdata/fake-root.ts'
import { connections } from './connections.ts'
import { nameCache } from './name-cache.ts'
import { neighbours } from './neighbours.ts'
import { routes } from './routes.ts'

let root = ''
let server: Server | undefined
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)))
  server = undefined
  rmSync(root, { recursive: true, force: true })
})

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const socket = (ends: string, state: string, inode: number) =>
  `   0: ${ends} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000 100 0\n`

test('a socket has its ends, its state and the process that holds it', async () => {
  root = fakeRoot({
    '/proc/self/net/tcp':
      head +
      socket('0100007F:1F90 00000000:0000', '0A', 500) +
      socket('0100007F:1F90 0200007F:C350', '01', 501) +
      socket('0100007F:1F91 0200007F:C350', '06', 0),
    '/proc/self/net/tcp6': head,
    '/proc/self/net/udp6': head + socket(`${'0'.repeat(24)}01000000:0035 ${'0'.repeat(32)}:0000`, '07', 502),
    '/proc/self/net/udp': head,
    '/proc/31/fd/3': { link: 'socket:[500]' },
    '/proc/31/fd/4': { link: 'socket:[502]' },
    '/proc/31/exe': { link: '/usr/bin/evil (deleted)' },
    '/proc/7/fd/3': { link: 'socket:[500]' },
    '/proc/7/exe': { link: '/usr/sbin/sshd' },
  })
  const tcp = {
    protocol: 'tcp',
    local_address: '127.0.0.1',
    remote_address: '127.0.0.2',
    remote_port: 50_000,
  }
  expect(await told(connections, root)).toEqual({
    skipped: {},
    unknown: {},
    objects: {
      'connection:tcp:127.0.0.1:8080-0.0.0.0:0': {
        ...{ ...tcp, state: 'listen', local_port: 8_080, remote_address: '0.0.0.0', remote_port: 0 },
        ...{ pid: 7, path: '/usr/sbin/sshd', name: 'sshd' },
      },
      'connection:tcp:127.0.0.1:8080-127.0.0.2:50000': {
        ...{ ...tcp, state: 'established', local_port: 8_080 },
        ...{ pid: '??', path: '??', name: '??' },
      },
      'connection:tcp:127.0.0.1:8081-127.0.0.2:50000': {
        ...{ ...tcp, state: 'time-wait', local_port: 8_081, pid: null, path: null, name: null },
      },
      'connection:udp:::1:53-:::0': {
        ...{ protocol: 'udp', state: 'close', local_address: '::1', local_port: 53 },
        ...{ remote_address: '::', remote_port: 0, pid: 31, path: '/usr/bin/evil', name: 'evil' },
      },
    },
  })
})

test('routes of both families have their network, mask and gateway', async () => {
  root = fakeRoot({
    '/proc/self/net/route':
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
      'eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n' +
      'eth0\t0002A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n',
    '/proc/self/net/ipv6_route': `fd00${'0'.repeat(28)} 34 ${'0'.repeat(32)} 00 fe80${'0'.repeat(27)}1 00000400 00000001 00000000 00000003 eth1\n`,
  })
  expect(Object.values((await told(routes, root)).objects)).toEqual([
    { destination: '0.0.0.0', netmask: '0.0.0.0', gateway: '192.168.2.1', interface: 'eth0', metric: 100 },
    { destination: '192.168.2.0', netmask: '255.255.255.0', gateway: null, interface: 'eth0', metric: 0 },
    {
      destination: 'fd00::',
      netmask: 'ffff:ffff:ffff:f000::',
      gateway: 'fe80::1',
      interface: 'eth1',
      metric: 1_024,
    },
  ])
})

test('neighbours have their hardware address, unless nobody has answered', async () => {
  root = fakeRoot({
    '/proc/self/net/arp':
      'IP address       HW type     Flags       HW address            Mask     Device\n' +
      '192.168.2.1      0x1         0x2         52:54:00:AB:cd:ef     *        eth0\n' +
      '192.168.2.9      0x1         0x6         52:54:00:00:00:09     *        eth0\n' +
      '192.168.2.7      0x1         0x0         00:00:00:00:00:00     *        eth0\n',
  })
  const of = (address: string, mac_address: string | null, kind = 'dynamic') => ({
    address,
    mac_address,
    interface: 'eth0',
    kind,
  })
  expect(Object.values((await told(neighbours, root)).objects)).toEqual([
    of('192.168.2.1', '52:54:00:ab:cd:ef'),
    of('192.168.2.9', '52:54:00:00:00:09', 'static'),
    of('192.168.2.7', null),
  ])
})

/** A resolver that answers so. */
async function resolver(answer: string): Promise<string[]> {
  root = fakeRoot({})
  const place = join(root, 'run/systemd/resolve/io.systemd.Resolve.Monitor')
  mkdirSync(dirname(place), { recursive: true })
  const asked: string[] = []
  server = createServer((peer) => {
    peer.on('error', () => undefined)
    peer.on('data', (text) => {
      asked.push(String(text))
      peer.write(answer)
    })
  })
  await new Promise<void>((resolve) => server?.listen(place, resolve))
  return asked
}

test('cached names have their addresses and other names', async () => {
  const key = (name: string, type: number) => ({ class: 1, type, name })
  const cache = [
    {
      key: key('evil.example', 1),
      rrs: [{ rr: { key: key('evil.example', 1), address: [192, 0, 2, 7] }, raw: '' }],
    },
    { key: key('www.example.', 5), rrs: [{ rr: { key: key('www.example', 5), name: 'evil.example.' } }] },
    { key: key('six.example', 28), rrs: [{ rr: { address: [32, 1, 13, 184, ...Array(11).fill(0), 1] } }] },
    { key: key('none.example', 1), type: 'nxdomain' },
    ...[{}, null, { key: 5 }, { key: key('bad.example', 1), rrs: [{ rr: { address: [1, 'x', 2, 3] } }, 7] }],
  ]
  const asked = await resolver(
    `${JSON.stringify({ parameters: { dump: [{ cache }, { cache: 1 }, null] } })}\0`,
  )
  expect((await told(nameCache, root)).objects).toEqual({
    'dns:evil.example 1': { query: 'evil.example', response: '192.0.2.7' },
    'dns:www.example. 5': { query: 'www.example', response: 'evil.example' },
    'dns:six.example 28': { query: 'six.example', response: '2001:db8::1' },
    'dns:none.example 1': { query: 'none.example', response: null },
    'dns:bad.example 1': { query: 'bad.example', response: null },
  })
  expect(asked).toEqual(['{"method":"io.systemd.Resolve.Monitor.DumpCache","parameters":{}}\0'])
})

test('a resolver that is not there, refuses or talks nonsense leaves the cache unknown', async () => {
  const answers = [
    '{"error":"io.systemd.System.PermissionDenied","parameters":{}}\0',
    'nonsense\0',
    '5\0',
    '{}\0',
  ]
  for (const answer of answers) {
    await resolver(answer)
    const { objects, unknown, skipped } = await told(nameCache, root)
    expect([objects, skipped]).toEqual([{}, { 'dns: no cache of names': 1 }])
    expect(unknown['dns.query']).toContain('systemd-resolved')
    await new Promise((resolve) => server?.close(resolve))
  }
  root = fakeRoot({})
  expect((await told(nameCache, root)).skipped).toEqual({ 'dns: no cache of names': 1 })
})

test('tables that are missing or full of nonsense tell nothing and end nothing', async () => {
  const nonsense = `${'x '.repeat(5_000)}\n\0\xff\n: : : : : : : : : : :\n`
  const lying: Record<string, Lying> = {}
  for (const name of ['tcp', 'tcp6', 'udp', 'udp6', 'route', 'ipv6_route', 'arp'])
    lying[`/proc/self/net/${name}`] = nonsense
  for (const files of [{}, lying]) {
    root = fakeRoot(files)
    for (const provider of [connections, routes, neighbours])
      expect((await told(provider, root)).objects).toEqual({})
    rmSync(root, { recursive: true, force: true })
  }
})
