import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlindInterval, ProcessKey, RecordedEvent } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from './recorder.ts'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
if (!isRoot) console.log('agent/recorder: skipped, the recorder needs root on Linux')

const events: RecordedEvent[] = []
const blind: BlindInterval[] = []
const exited = new Set<ProcessKey>()
let recorder: Recorder
let folder: string

beforeAll(async () => {
  if (!isRoot) return
  folder = await mkdtemp(join(tmpdir(), 'tocsin-recorder-'))
  recorder = new Recorder({
    stateDir: folder,
    exclude: [join(folder, 'own')],
    onProcess: () => undefined,
    onEvent: (event) => events.push(event),
    onCompletion: () => undefined,
    onExit: (key) => exited.add(key),
    onBlind: (interval) => blind.push(interval),
    onSourcesChanged: () => undefined,
  })
  await recorder.start()
})
afterAll(async () => {
  await recorder?.stop()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

const shell = (script: string) =>
  new Promise<number>((resolve) => {
    const child = spawn('/bin/sh', ['-c', script], { stdio: 'ignore' })
    child.on('exit', () => resolve(child.pid ?? 0))
  })
const textOf = (event: RecordedEvent, property: string) => String(event.fields[property]?.values[0])
const commandLineOf = (event: RecordedEvent) =>
  String(recorder.table.get(event.actor)?.fields['process.command_line']?.values[0])

describe.skipIf(!isRoot)('the recorder of this kernel', () => {
  test('of 1,000 processes that live a millisecond every command line is recorded', async () => {
    await shell('i=0; while [ $i -lt 1000 ]; do /bin/true --burst=$i; i=$((i+1)); done')
    const seen = () =>
      new Set(
        events
          .filter(({ object, operation }) => object === 'process' && operation === 'start')
          .map(commandLineOf)
          .filter((text) => /^\/bin\/true --burst=\d+$/.test(text)),
      )
    await until('1,000 command lines', async () => seen().size === 1_000, 10_000)
    expect(seen().size).toBe(1_000)
  })

  test('files are seen created, written, renamed and deleted, each with who did it', async () => {
    const made = join(folder, 'made')
    await shell(`echo x > ${made}; mv ${made} ${made}.moved; rm ${made}.moved`)
    const ofMade = () => events.filter((event) => textOf(event, 'file.path').startsWith(made))
    await until('the file is deleted', async () => ofMade().some(({ operation }) => operation === 'delete'))
    expect(ofMade().map(({ operation }) => operation)).toEqual(['create', 'write', 'rename', 'delete'])
    const rename = ofMade().find(({ operation }) => operation === 'rename')
    expect(rename && textOf(rename, 'file.source_path')).toBe(made)
    expect(rename && commandLineOf(rename)).toBe(`mv ${made} ${made}.moved`)
  })

  test('what is written after a folder was moved is told by its new path', async () => {
    const [before, after] = [join(folder, 'before'), join(folder, 'after')]
    await shell(`mkdir -p ${before}/inner; echo x > ${before}/inner/first`)
    const isTold = (path: string) => events.some((event) => textOf(event, 'file.path') === path)
    await until('the first', async () => isTold(`${before}/inner/first`))
    await shell(`mv ${before} ${after}; echo x > ${after}/inner/second`)
    await until('the second', async () => isTold(`${after}/inner/second`))
    expect(isTold(`${before}/inner/second`)).toBe(false)
  })

  test('a file system can be unmounted, and is watched again when it is mounted again', async () => {
    const point = join(folder, 'mounted')
    const written = () =>
      events.filter(
        ({ operation, fields }) => operation === 'write' && fields['file.directory']?.values[0] === point,
      )
    await shell(`mkdir ${point}`)
    for (const round of [1, 2]) {
      await shell(`mount -t tmpfs none ${point}`)
      await until(`a write of round ${round}`, async () => {
        await shell(`echo x > ${point}/${round}`)
        return written().some((event) => textOf(event, 'file.name') === `${round}`)
      })
      expect(await shell(`umount ${point} && touch ${folder}/unmounted-${round}`)).toBeGreaterThan(0)
      expect(existsSync(join(folder, `unmounted-${round}`))).toBe(true)
    }
  })

  test.each([
    ['exit 7', 7],
    ['kill -9 $$', 137],
  ])('of %j the exit code is %d', async (script, code) => {
    const pid = await shell(script)
    const exit = await until('the exit', async () =>
      events.find(({ operation, actor }) => operation === 'exit' && actor.split(':')[1] === `${pid}`),
    )
    expect(exit.fields['process.exit_code']?.values).toEqual([code])
  })

  test('what lies beneath the own state is nobody else’s business', async () => {
    await shell(`mkdir ${folder}/own; echo x > ${folder}/own/file; echo x > ${folder}/other`)
    await until('the other file', async () =>
      events.some((event) => textOf(event, 'file.path') === `${folder}/other`),
    )
    expect(events.filter((event) => textOf(event, 'file.path').startsWith(`${folder}/own/`))).toEqual([])
  })

  test('connections over IPv4 and IPv6 carry the peer and the right process', async () => {
    const script = `import socket
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
  s = socket.socket(family); s.bind((host, 0)); s.listen()
  c = socket.socket(family); c.connect(s.getsockname()); s.accept()
`
    await new Promise((resolve) => spawn('python3', ['-c', script], { stdio: 'ignore' }).on('exit', resolve))
    const ours = () =>
      events.filter((event) => event.object === 'network' && commandLineOf(event).includes('import socket'))
    const told = () =>
      ours()
        .filter(({ operation }) => operation === 'connect' || operation === 'accept')
        .map((event) => `${event.operation} ${textOf(event, 'network.remote_address')}`)
        .sort()
    await until('four connections', async () => told().length === 4)
    expect(told()).toEqual(['accept 127.0.0.1', 'accept ::1', 'connect 127.0.0.1', 'connect ::1'])
  })

  test('lineage goes from a process to who created it, and hashes and exits follow', async () => {
    const pid = await shell('/bin/true --lineage; :')
    const start = await until('the start', async () =>
      events.find((event) => commandLineOf(event) === '/bin/true --lineage'),
    )
    const chain = recorder.table.chainOf(start.actor, 10)
    expect(chain[1]?.fields['process.pid']?.values).toEqual([pid])
    expect(chain.some(({ fields }) => fields['process.pid']?.values[0] === process.pid)).toBe(true)
    await until('the exit', async () => exited.has(start.actor))
    const hashed = await until('its hash', async () => {
      const field = recorder.table.get(start.actor)?.fields['process.sha256']
      return field?.values[0]
    })
    const [expected] = (await sha256sum('/bin/true')).split(' ')
    expect(hashed).toBe(expected)
  })

  test('a process that was forked and runs no other image is known by itself, with whom it came from', async () => {
    const made = join(folder, 'by-a-fork')
    const pid = await shell(`(echo x > ${made}; exit 3); :`)
    const write = await until('what it wrote', async () =>
      events.find(
        (event) =>
          event.object === 'file' && event.operation === 'write' && textOf(event, 'file.path') === made,
      ),
    )
    const [actor, parent] = recorder.table.chainOf(write.actor, 2)
    expect(actor?.fields['process.pid']?.values).not.toEqual([pid])
    expect(actor?.fields['process.parent_pid']?.values).toEqual([pid])
    expect(parent?.fields['process.pid']?.values).toEqual([pid])
    expect(actor?.fields['process.command_line']).toEqual(parent?.fields['process.command_line'])
    const exit = await until('its end', async () =>
      events.find((event) => event.operation === 'exit' && event.actor === write.actor),
    )
    expect(exit.fields['process.exit_code']?.values).toEqual([3])
  })

  test('nothing was lost meanwhile', () => {
    expect(blind).toEqual([])
  })
})

function sha256sum(path: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const child = spawn('sha256sum', [path])
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('close', () => resolve(text))
  })
}
