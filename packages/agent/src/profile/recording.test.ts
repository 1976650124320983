import { type Capability, type EventObject, type Fields, known, type RecorderSettings } from '@tocsin/model'
import { expect, test } from 'vitest'
import { recordingOf } from './recording.ts'

const none: RecorderSettings = { off: [], excludeProcesses: [], excludeFiles: [], redact: [] }
const of = (recorder: Partial<RecorderSettings>) =>
  recordingOf(
    { name: 'Servers', settings: { scanRoots: [], scanExclude: [], recorder: { ...none, ...recorder } } },
    'linux',
  )
const event = (object: EventObject, fields: Fields = {}) => ({
  ...{ id: '1', operation: 'write', at: 1, actor: 'a', object },
  fields,
})
const actor = (path: string) => ({
  ...{ key: 'a', parent: null, startedAt: 1, endedAt: null },
  fields: { 'process.path': known(path) },
})
const file = (path: string, source?: string) =>
  event('file', {
    'file.path': known(path),
    ...(source === undefined ? {} : { 'file.source_path': known(source) }),
  })

test('events of a kind that is switched off are not kept, others are', () => {
  const recording = of({ off: ['dns'] })
  expect(recording.keeps(event('dns'), undefined)).toBe(false)
  expect(recording.keeps(event('network'), undefined)).toBe(true)
})

test('what an excluded process does is not kept, but that it starts is', () => {
  const recording = of({ excludeProcesses: ['/opt/backup/*'] })
  expect(recording.keeps(event('network'), actor('/opt/backup/run'))).toBe(false)
  expect(recording.keeps(event('process'), actor('/opt/backup/run'))).toBe(true)
  expect(recording.keeps(event('network'), actor('/bin/sh'))).toBe(true)
  expect(recording.keeps(event('network'), undefined)).toBe(true)
})

test('events on excluded files are not kept; a rename is, if one of its paths is not excluded', () => {
  const recording = of({ excludeFiles: ['/var/log/*'] })
  expect(recording.keeps(file('/var/log/x'), undefined)).toBe(false)
  expect(recording.keeps(file('/etc/x'), undefined)).toBe(true)
  expect(recording.keeps(file('/var/log/x', '/etc/x'), undefined)).toBe(true)
  expect(recording.keeps(file('/var/log/x', '/var/log/y'), undefined)).toBe(false)
})

test('the capability lacks what is switched off, and names the profile; exclusions are told', () => {
  const whole: Capability = {
    ...{ platform: 'linux', contracts: [1], privileged: true, state: {}, historySince: null, yara: [] },
    events: { dns: ['dns.query'], file: ['file.path'] },
    why: { 'events.image': 'no hook' },
  }
  expect(of({}).capability(whole)).toEqual(whole)
  expect(of({ off: ['dns'], excludeFiles: ['/var/log/*'] }).capability(whole)).toEqual({
    ...whole,
    events: { file: ['file.path'] },
    why: {
      'events.image': 'no hook',
      'events.dns': 'switched off by the profile Servers',
      exclusions: 'the profile Servers excludes events on the files /var/log/*',
    },
  })
})
