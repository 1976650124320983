import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, userInfo } from 'node:os'
import type { Observed } from '@tocsin/engine'
import { type ProcessFacts, unknownField, vocabulary } from '@tocsin/model'
import { expect, test } from 'vitest'
import { bootId, startTicksOf } from '../../recorder/linux/proc.ts'
import { connections } from './connections.ts'
import { ProcessDetails, processSources } from './process-details.ts'
import { stateProviders } from './providers.ts'
import { StateReading } from './state-reading.ts'
import type { FileBytes, Tree } from './tree.ts'
import { tryState } from './try-state.ts'

const abort = new AbortController().signal

async function objectsOf(object: string): Promise<readonly Observed[]> {
  const provider = stateProviders.find((each) => each.object === object)
  const found: Observed[] = []
  if (provider !== undefined)
    for await (const each of new StateReading({ abort }).objects(provider)) found.push(each)
  return found
}

async function valuesOf(property: string): Promise<readonly unknown[]> {
  const objects = await objectsOf(property.slice(0, property.indexOf('.')))
  return objects.flatMap((each) => each.read(property).values)
}

test('this machine is told as it is', async () => {
  expect(await valuesOf('host.name')).toEqual([hostname()])
  expect(await valuesOf('user.name')).toContain(userInfo().username)
  expect(await valuesOf('mount.path')).toContain('/')
  for (const object of ['service', 'task', 'persistence', 'module', 'package']) {
    const objects = await objectsOf(object)
    for (const each of objects) expect(each.key.startsWith(`${object}:`)).toBe(true)
  }
})

test('what a trial claims are rows of the vocabulary, and what it does not claim has a reason', async () => {
  const { state, why } = await tryState({ abort })
  for (const { object, sources } of stateProviders) {
    const missing = Object.keys(sources).filter((property) => !state[object]?.includes(property))
    if (missing.length > 0) expect(why[`state.${object}`]).toBeDefined()
    for (const property of state[object] ?? []) expect(vocabulary.get(property)?.scan).toContain('linux')
  }
})

test('every row that Linux scans of these objects has a source, and no source is without a row', () => {
  const kinds = new Set<string>(stateProviders.map(({ object }) => object))
  const rows = [...vocabulary.values()]
    .filter(({ object, scan }) => kinds.has(object) && scan.includes('linux'))
    .map(({ property }) => property)
  const told = stateProviders.flatMap(({ sources }) => Object.keys(sources))
  const isOwn = (property: string) => kinds.has(property.slice(0, property.indexOf('.')))
  expect(told.filter(isOwn).sort()).toEqual(rows.sort())
  for (const property of told) expect(vocabulary.get(property)?.scan).toContain('linux')
  for (const property of Object.keys(processSources))
    expect(vocabulary.get(property)?.scan).toContain('linux')
})

function factsOf(pid: number, ticks = startTicksOf(pid)?.startTicks): ProcessFacts {
  const fields = { 'process.pid': { values: [pid], whole: true } }
  return { key: `${bootId()}:${pid}:${ticks}`, parent: null, fields, startedAt: 0, endedAt: null }
}

async function detailsOf(facts: ProcessFacts, property: string) {
  return new ProcessDetails(await new StateReading({ abort }).tree()).field(facts, property)
}

test('what this process holds open, has mapped and was given is read from it', async () => {
  const file = openSync(import.meta.filename, 'r')
  try {
    const own = factsOf(process.pid)
    expect((await detailsOf(own, 'process.handle')).values).toContain(import.meta.filename)
    const mapped = await detailsOf(own, 'process.mapped_path')
    expect(mapped.values).toContain(process.execPath)
    expect(new Set(mapped.values).size).toBe(mapped.values.length)
    expect(mapped.whole).toBe(true)
  } finally {
    closeSync(file)
  }
})

test('of a process with more variables than can be told it is known that there are more', async () => {
  const env = {
    FIRST: 'one',
    LONG: 'x'.repeat(5_000),
    ...Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`V${at}`, ''])),
  }
  const child: ChildProcess = spawn('sleep', ['60'], { env: { PATH: process.env.PATH, ...env } })
  await new Promise((resolve) => child.once('spawn', resolve))
  try {
    const { values, whole } = await detailsOf(factsOf(child.pid ?? 0), 'process.environment')
    expect(values).toContain('FIRST=one')
    expect(values).toContainEqual({ cut: `LONG=${'x'.repeat(4_091)}` })
    expect([values.length, whole]).toEqual([1_000, false])
  } finally {
    child.kill('SIGKILL')
  }
})

test('a process that keeps its reader waiting is given up, and meanwhile no other memory is read', async () => {
  let asked = 0
  let answer = (_: FileBytes) => {}
  const readProc = () => {
    asked += 1
    return new Promise<FileBytes>((resolve) => {
      answer = resolve
    })
  }
  const details = new ProcessDetails({ readProc } as unknown as Tree)
  const own = factsOf(process.pid)
  expect(await details.field(own, 'process.environment')).toEqual(unknownField)
  expect(await details.field(own, 'process.mapped_path')).toEqual(unknownField)
  expect(asked).toBe(1)
  const file = { bytes: Buffer.from('A=1\0'), isWhole: true, mode: 0, uid: 0 }
  answer(file)
  await new Promise((resolve) => setTimeout(resolve, 10))
  const late = details.field(own, 'process.environment')
  answer(file)
  expect(await late).toEqual({ values: ['A=1'], whole: true })
  expect(asked).toBe(2)
})

test('a socket that this process listens on is told with this process, and once it is closed it is not', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Number(Object(server.address()).port)))
  })
  const heldBy = async () => {
    for await (const { facts } of new StateReading({ abort }).objects(connections))
      if (facts['connection.local_port']?.values[0] === port) return facts['process.pid']?.values
    return undefined
  }
  expect(await heldBy()).toEqual([process.pid])
  await new Promise((resolve) => server.close(resolve))
  expect(await heldBy()).toBeUndefined()
})

test('another process that has got the number is not taken for the one that is meant', async () => {
  expect(await detailsOf(factsOf(process.pid, 1), 'process.mapped_path')).toEqual({
    values: [],
    whole: false,
  })
  expect(await detailsOf(factsOf(4_194_304, 1), 'process.handle')).toEqual({ values: [], whole: false })
})
