import { vocabulary } from '@tocsin/model'
import { expect, test } from 'vitest'
import { Delivered } from './delivered.ts'
import { esloggerProperties } from './eslogger/properties.ts'
import { TelemetryReader } from './reader.ts'
import { sysmonProperties } from './sysmon/properties.ts'
import { esloggerLine, execOf } from './testdata/eslogger.ts'
import { sysmonForms, sysmonValues } from './testdata/steps.ts'

test.each([
  ['Sysmon', sysmonProperties, 'windows'],
  ['eslogger', esloggerProperties, 'macos'],
] as const)('what %s claims the vocabulary has, for its platform', (_, properties, platform) => {
  for (const [object, names] of Object.entries(properties)) {
    const rows = names.map((name) => vocabulary.get(name))
    expect(rows.filter((row) => row?.object !== object || !row.live.includes(platform))).toEqual([])
  }
})

test('what events of Sysmon have been seen to tell is claimed', () => {
  const lines = Object.entries(sysmonValues).map(([id, values]) => sysmonForms.NXLog?.(Number(id), values))
  expectClaimed(lines.join('\n'), sysmonProperties)
})

test('what events of eslogger have been seen to tell is claimed', () => {
  const zsh = { pid: 500, version: 10, path: '/bin/zsh', parent: [1, 1], euid: 0 } as const
  const id = { pid: 501, version: 12, path: '/usr/bin/id', parent: [500, 10], euid: 0 } as const
  const file = { path: '/tmp/x' }
  const lines = [
    execOf(zsh, zsh, ['zsh']),
    execOf(zsh, id, ['id']),
    esloggerLine(id, { rename: { source: file, destination: { existing_file: file } } }),
    esloggerLine(id, { mmap: { source: file, protection: 5 } }),
    esloggerLine(id, { kextload: { identifier: 'x' } }),
    esloggerLine(id, { exit: { stat: 0 } }),
  ]
  expectClaimed(lines.join('\n'), esloggerProperties)
})

function expectClaimed(text: string, claimed: Readonly<Record<string, readonly string[]>>): void {
  const reader = new TelemetryReader('log')
  const delivered = new Delivered()
  for (const step of [...reader.push(new TextEncoder().encode(text)), ...reader.end()]) delivered.see(step)
  for (const [object, names] of Object.entries(delivered.propertiesByObject())) {
    const known = names.filter((name) => vocabulary.has(name))
    expect(claimed[object]).toEqual(expect.arrayContaining(known))
  }
}
