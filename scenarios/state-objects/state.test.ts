import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { factsHere, type Planted, plant, route } from './planted.ts'

const api = '/plugin/products/threat-response/api/v1'
const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/state-objects: skipped, it needs root to plant things')

const mark = randomBytes(4).toString('hex')
let product: Product
let root: string
let planted: Planted | undefined

beforeAll(async () => {
  if (!isRoot) return
  root = await mkdtemp(join(tmpdir(), 'tocsin-state-'))
  product = await startProduct({ scanRoots: [root] })
  planted = await plant(root, mark)
}, 120_000)
afterAll(async () => {
  await planted?.remove()
  await product?.purge()
  if (root !== undefined) await rm(root, { recursive: true, force: true })
})

/** Terms with their values; all must hold of one object. */
type Terms = Readonly<Record<string, string | number>>
interface Row {
  readonly object: string
  readonly there: Terms
  /** As like it as can be, and not there. */
  readonly twin: Terms
}

function rows({ md5, sleeper, port, clientPort }: Planted): readonly Row[] {
  const { host } = factsHere()
  const argument = { 'ProcessItem/arguments': `argument-${mark} 600` }
  const row = (object: string, there: Terms, twin: Terms): Row => ({ object, there, twin })
  return [
    row(
      'file by hash',
      { 'FileItem/Md5sum': md5 },
      { 'FileItem/Md5sum': md5.replace(/^./, (x) => (x === '0' ? '1' : '0')) },
    ),
    row(
      'file by size',
      { 'FileItem/FileName': `file-${mark}`, 'FileItem/SizeInBytes': 13 },
      { 'FileItem/FileName': `file-${mark}`, 'FileItem/SizeInBytes': 14 },
    ),
    row('arguments', argument, { 'ProcessItem/arguments': `argument-${mark} 601` }),
    row(
      'user',
      { ...argument, 'ProcessItem/Username': 'root' },
      { ...argument, 'ProcessItem/Username': 'daemon' },
    ),
    row(
      'parent',
      { ...argument, 'ProcessItem/parentpid': process.pid },
      { ...argument, 'ProcessItem/parentpid': sleeper },
    ),
    row(
      'handle',
      { 'ProcessItem/HandleList/Handle/Name': `${root}/handle-${mark}` },
      { 'ProcessItem/HandleList/Handle/Name': `${root}/file-${mark}` },
    ),
    row(
      'mapped image',
      { 'ProcessItem/SectionList/MemorySection/Name': `${root}/library-${mark}.so` },
      { 'ProcessItem/SectionList/MemorySection/Name': `${root}/handle-${mark}` },
    ),
    row(
      'listening port',
      { 'PortItem/localPort': port, 'PortItem/state': 'LISTEN' },
      { 'PortItem/localPort': clientPort, 'PortItem/state': 'LISTEN' },
    ),
    row(
      'connection',
      { 'PortItem/remotePort': port, 'PortItem/localPort': clientPort },
      { 'PortItem/remotePort': port, 'PortItem/localPort': port },
    ),
    row(
      'process of a socket',
      { 'PortItem/localPort': port, 'PortItem/pid': process.pid },
      { 'PortItem/localPort': port, 'PortItem/pid': sleeper },
    ),
    row(
      'route',
      { 'RouteEntryItem/Destination': route, 'RouteEntryItem/Interface': 'lo' },
      { 'RouteEntryItem/Destination': route, 'RouteEntryItem/Interface': 'eth0' },
    ),
    row(
      'scheduled task',
      { 'TaskItem/arguments': `/bin/true --cron-${mark}`, 'TaskItem/userName': 'root' },
      { 'TaskItem/arguments': `/bin/true --cron-${mark}`, 'TaskItem/userName': 'daemon' },
    ),
    row(
      'service',
      { 'ServiceItem/name': `tocsin-${mark}.service`, 'ServiceItem/userName': 'root' },
      { 'ServiceItem/name': `tocsin-${mark}.service`, 'ServiceItem/userName': 'daemon' },
    ),
    row(
      'persistence',
      { 'PersistenceItem/path': `/etc/profile.d/tocsin-${mark}.sh` },
      { 'PersistenceItem/path': `/etc/profile.d/tocsin-${mark}` },
    ),
    row(
      'mount',
      { 'VolumeItem/DevicePath': `device-${mark}`, 'VolumeItem/FileSystemName': 'tmpfs' },
      { 'VolumeItem/DevicePath': `device-${mark}`, 'VolumeItem/FileSystemName': 'ext4' },
    ),
    row(
      'account',
      { 'UserItem/Username': 'root', 'UserItem/homedirectory': '/root' },
      { 'UserItem/Username': 'daemon', 'UserItem/homedirectory': '/root' },
    ),
    row('machine', { 'SystemInfoItem/hostname': host }, { 'SystemInfoItem/hostname': `${host}-${mark}` }),
  ]
}

function document(terms: Terms): string {
  const items = Object.entries(terms).map(
    ([term, value]) => `<IndicatorItem id="${randomUUID()}" condition="is">
      <Context document="${term.split('/', 1)}" search="${term}" type="mir" />
      <Content type="${typeof value === 'number' ? 'int' : 'string'}">${value}</Content>
    </IndicatorItem>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<ioc id="${randomUUID()}" last-modified="2026-11-01T12:00:00" xmlns="http://schemas.mandiant.com/2010/ioc">
  <short_description>state</short_description>
  <definition><Indicator operator="AND" id="${randomUUID()}">${items.join('')}</Indicator></definition>
</ioc>`
}

/** A package and a variable of the environment have no term in OpenIOC. */
function bundle(pattern: string): string {
  const id = `indicator--${randomUUID()}`
  const time = '2026-11-01T12:00:00.000Z'
  const indicator = {
    ...{ type: 'indicator', spec_version: '2.1', id, created: time, modified: time, valid_from: time },
    ...{ name: 'state', pattern_type: 'stix', pattern, indicator_types: ['malicious-activity'] },
  }
  return JSON.stringify({ type: 'bundle', id: `bundle--${randomUUID()}`, objects: [indicator] })
}

async function upload(fileName: string, body: string): Promise<number> {
  const { data } = await product.json<{ data: { id: number } }>(`${api}/intels`, {
    method: 'POST',
    headers: { 'content-disposition': `filename=${fileName}` },
    body,
  })
  return data.id
}

async function isFound(intel: number): Promise<boolean> {
  const { data } = await product.json<{ data: unknown[] }>(`${api}/alerts?intelDocId=${intel}`)
  return data.length > 0
}

async function scanned(): Promise<void> {
  const { id } = await product.json<{ id: number }>('/api/v1/scans', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ document: null, group: 1 }),
  })
  const isDone = async () => (await product.json<{ state: string }>(`/api/v1/scans/${id}`)).state === 'done'
  await until('the scan ends', isDone, 150_000)
}

test.skipIf(!isRoot)(
  'a scan finds each object that was planted, and not the one that is nearly like it',
  async () => {
    if (planted === undefined) throw new Error('nothing is planted')
    const { libc } = factsHere()
    const pairs: (readonly [object: string, there: string, twin: string])[] = [
      ...rows(planted).map(({ object, there, twin }) => [object, document(there), document(twin)] as const),
      [
        'environment',
        bundle(`[process:environment_variables.VARIABLE_${mark} = 'on']`),
        bundle(`[process:environment_variables.VARIABLE_${mark} = 'off']`),
      ],
      ...(libc === ''
        ? []
        : [
            [
              'package',
              bundle(`[software:name = 'libc6' AND software:version = '${libc}']`),
              bundle(`[software:name = 'libc6' AND software:version = '${libc}-${mark}']`),
            ] as const,
          ]),
    ]
    const ids: (readonly [object: string, there: number, twin: number])[] = []
    for (const [object, there, twin] of pairs) {
      const name = (text: string) => (text.startsWith('{') ? 'state.json' : 'state.ioc')
      ids.push([object, await upload(name(there), there), await upload(name(twin), twin)])
    }
    await scanned()
    const table = async () =>
      Promise.all(
        ids.map(async ([object, there, twin]) => [object, await isFound(there), await isFound(twin)]),
      )
    const wanted = pairs.map(([object]) => [object, true, false])
    await until(
      'the alerts',
      async () => JSON.stringify(await table()) === JSON.stringify(wanted),
      20_000,
    ).catch(() => undefined)
    expect(await table()).toEqual(wanted)
  },
)
