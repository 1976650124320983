import { fromAgent } from '@tocsin/protocol'
import { expect, test } from 'vitest'
import { capabilityOf, hostFacts, sourceLines } from './capability.ts'
import type { SourceState } from './recorder/endpoint-recorder.ts'
import type { ContentEngines } from './scan/engines.ts'

const sources: readonly SourceState[] = [
  { name: 'audit', running: true, why: null },
  { name: 'processes', running: true, why: null },
  { name: 'files', running: false, why: 'file events need CAP_SYS_ADMIN' },
]
const trial = { state: { user: ['user.name'] }, why: { 'state.user': '/etc/shadow is unreadable' } }
const events = { process: ['process.path'], network: ['network.port'] }

test('a source that does not run is no capability, and says why', () => {
  const capability = capabilityOf({
    platform: 'linux',
    sources,
    events,
    content: [{ engine: 'yara-x', why: null, modules: ['pe'], memory: false }],
    trial,
    historySince: 7,
  })
  expect(capability.events).toEqual(events)
  expect(capability.why).toEqual({ 'events.file': 'file events need CAP_SYS_ADMIN', ...trial.why })
  expect(capability.historySince).toBe(7)
  expect(capability.yara).toEqual([{ engine: 'yara-x', modules: ['pe'], memory: false }])
  expect(capability.state.file).toContain('file.sha256')
  expect(capability.state.file).not.toContain('file.operation')
})

test('of state it claims what reading it has shown, and no row that nothing fills', () => {
  const { state } = capabilityOf({
    platform: 'linux',
    sources,
    events,
    content: [],
    trial,
    historySince: 7,
  })
  expect(Object.keys(state)).toEqual(['file', 'process', 'user'])
  expect(state.user).toEqual(['user.name'])
})

test('without a content child there is no YARA, and it says why', () => {
  const capability = capabilityOf({
    platform: 'linux',
    sources,
    events,
    content: [{ engine: 'yara-x', why: 'no setpriv', modules: [], memory: false }],
    trial,
    historySince: 7,
  })
  expect(capability.yara).toEqual([])
  expect(capability.why.yara).toBe('no setpriv')
})

test('what an agent says first is what the protocol takes', () => {
  const capability = capabilityOf({
    platform: 'linux',
    sources,
    events,
    content: [{ engine: 'yara-x', why: null, modules: ['pe'], memory: false }],
    trial,
    historySince: 7,
  })
  const hello = { kind: 'hello', n: 1, agent: '0.1.0', contracts: [1], revision: 0, keyId: '' }
  const read = fromAgent.safeParse({ ...hello, host: hostFacts(), capability })
  expect(read.error?.issues).toBeUndefined()
})

test('an operator reads one line for each source and each engine', () => {
  const content: ContentEngines = [
    { engine: 'libyara', why: 'it is not installed', modules: [], memory: false },
    { engine: 'yara-x', why: null, modules: ['pe'], memory: false },
  ]
  expect(sourceLines(sources, content)).toEqual([
    '✓ audit',
    '✓ processes',
    '– files: file events need CAP_SYS_ADMIN',
    '– content (libyara): it is not installed',
    '✓ content (YARA-X)',
  ])
})

test('another platform claims no state that nobody reads, and says what its source does not tell', () => {
  const capability = capabilityOf({
    platform: 'macos',
    sources: [{ name: 'eslogger', running: true, why: null }],
    events: { process: ['process.path'], file: ['file.path'] },
    content: [],
    trial: { state: {}, why: {} },
    historySince: null,
  })
  expect(capability).toMatchObject({ platform: 'macos', state: {}, yara: [] })
  expect(capability.why['events.network']).toBe('eslogger does not tell of it')
  expect(capability.why).not.toHaveProperty(['events.file'])
})
