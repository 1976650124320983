import { expect, test } from 'vitest'
import { nearestWord } from './nearest-word.ts'

test.each([
  ['crete', ['delete', 'create'], 'create'],
  ['process.pth', ['process.path', 'process.pid'], 'process.path'],
  ['FILE', ['file'], 'file'],
  ['xyz', ['abc'], undefined],
  ['anything', [], undefined],
])('nearest to %s out of %j is %s', (word, candidates, nearest) => {
  expect(nearestWord(word, candidates)).toBe(nearest)
})
