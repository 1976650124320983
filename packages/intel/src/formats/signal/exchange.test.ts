import { expect, test } from 'vitest'
import { readExchange, writeExchange } from './exchange.ts'
import { readSignal } from './read-signal.ts'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const data = (name: string) => ({ name, contents: 'process.path is x', platforms: ['mac'] })

test('what is written is read as the same signals with the same labels', () => {
  const signals = ['a', 'b'].map((name) => readSignal(encode(data(name)), {}).document?.contents ?? '')
  const labels = [{ name: 'hunting', description: 'for hunts' }]
  const times = { createdAt: '2024-01-01T00:00:00.000Z', updatedAt: '2024-01-02T00:00:00.000Z' }
  const file = writeExchange(
    signals.map((contents, at) => ({ contents, ...times, labels: at === 0 ? ['hunting'] : [] })),
    labels,
  )
  const read = readExchange(new TextEncoder().encode(file))
  expect(read?.labels).toEqual(labels)
  expect(read?.signals.map((each) => each.labels)).toEqual([['hunting'], []])
  expect(read?.signals.map(({ bytes }) => readSignal(bytes, {}).document?.contents)).toEqual(signals)
})

test('no item of an exchange file is lost, whatever it is', () => {
  const file = encode({
    signals: [{ data: data('a') }, data('b'), 7, null, {}],
    labels: ['x', { name: 'y' }, 3],
  })
  const read = readExchange(file)
  expect(read?.signals.map(({ name }) => name)).toEqual(['a', 'b', '', '', ''])
  expect(read?.labels).toEqual([
    { name: 'x', description: '' },
    { name: 'y', description: '' },
  ])
  const documents = read?.signals.map(({ bytes }) => readSignal(bytes, {}).document !== undefined)
  expect(documents).toEqual([true, true, false, false, false])
})

test.each(['{}', '[]', 'process.path is x', '{"signals":1}', ''])('%s is no exchange file', (text) => {
  expect(readExchange(new TextEncoder().encode(text))).toBeUndefined()
})
