import type { BlindInterval } from '@tocsin/model'
import { expect, test } from 'vitest'
import { Losses } from './losses.ts'
import { ReadUntil } from './queues.ts'

function losses() {
  const state = { lost: 7, wasReleased: false, now: 100 }
  const blind: BlindInterval[] = []
  const readUntil = new ReadUntil()
  readUntil.begin(100)
  const told = new Losses({
    audit: { look: () => state },
    readUntil,
    onBlind: (interval) => blind.push(interval),
    now: () => state.now,
  })
  const look = (now: number, change: Partial<typeof state> = {}) => {
    Object.assign(state, change, { now })
    told.check()
  }
  return {
    told,
    readUntil,
    blind,
    look,
    spans: () => blind.map(({ from, to, object }) => `${object} ${from}–${to}`),
  }
}

test('what others had lost before is no loss of ours', () => {
  const { look, blind } = losses()
  look(200)
  expect(blind).toEqual([])
})

test('lost audit records lie between two looks at their count, of all that audit tells', () => {
  const { look, spans, readUntil } = losses()
  readUntil.note('audit', 190)
  look(180)
  look(300, { lost: 9 })
  look(400)
  expect(spans()).toEqual(['process', 'network', 'driver', 'security'].map((object) => `${object} 180–300`))
})

test('while the reader sleeps, they may be of any time since it read last', () => {
  const { look, spans, readUntil } = losses()
  readUntil.note('audit', 150)
  look(200)
  look(300, { lost: 8 })
  expect(spans()[0]).toBe('process 150–300')
})

test('a kernel that looked for no daemon has told nothing since the look before', () => {
  const { look, spans } = losses()
  look(200)
  look(300, { wasReleased: true })
  expect(spans()).toHaveLength(4)
})

test('a full queue says when it was read whole the last time, and nobody knows what it dropped', () => {
  const { told, blind } = losses()
  told.note([{ queue: 'files', from: 5, to: 9 }])
  expect(blind).toEqual([{ from: 5, to: 9, object: 'file', count: null, reason: 'overflow' }])
})
