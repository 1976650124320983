import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDns } from './dns.ts'

const name = (text: string) =>
  Buffer.concat([
    ...text.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ])
const numbers = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [at, value] of values.entries()) bytes.writeUInt16BE(value, at * 2)
  return bytes
}
const question = Buffer.concat([name('Www.Example.test'), numbers(1, 1)])
/** Owner by a pointer to the question, type, class, time to live, data. */
const answer = (type: number, data: Buffer) =>
  Buffer.concat([numbers(0xc00c, type, 1, 0, 60, data.length), data])
const message = (flags: number, answers: readonly Buffer[], count = answers.length) =>
  Buffer.concat([numbers(7, flags, 1, count, 0, 0), question, ...answers])

test('a question has a name and no answers', () => {
  expect(readDns(message(0x0100, []))).toEqual({
    ...{ id: 7, isAnswer: false, query: 'www.example.test', answers: [], isWhole: true },
  })
})

test('an answer gives names and addresses, also by pointers', () => {
  const v6 = Buffer.from('20010db8000000000000000000000001', 'hex')
  const read = readDns(
    message(0x8180, [
      answer(5, Buffer.concat([Buffer.from([3]), Buffer.from('cdn'), numbers(0xc010)])),
      answer(1, Buffer.from([192, 0, 2, 1])),
      answer(28, v6),
      answer(16, Buffer.from('text')),
    ]),
  )
  expect(read).toMatchObject({ isAnswer: true, isWhole: true })
  expect(read?.answers).toEqual(['cdn.example.test', '192.0.2.1', '2001:db8::1'])
})

test('what was cut is not taken for all', () => {
  expect(readDns(message(0x8180, [answer(1, Buffer.from([192, 0, 2, 1]))], 2))).toMatchObject({
    ...{ answers: ['192.0.2.1'], isWhole: false },
  })
})

test('pointers that lead in circles end', () => {
  expect(readDns(Buffer.concat([numbers(7, 0, 1, 0, 0, 0), numbers(0xc00c, 1, 1)]))).toBeUndefined()
})

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const read = readDns(Buffer.from(bytes))
      expect(read === undefined || typeof read.query === 'string').toBe(true)
    }),
  )
})
