import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameJoiner, frameLimit, framesOf } from './frames.ts'

test('whatever is split is joined to the same message, and no frame is too long', () => {
  const message = fc.record({
    n: fc.nat(),
    text: fc.string({ unit: 'binary', maxLength: 60_000, size: 'max' }),
    more: fc.array(fc.string()),
  })
  fc.assert(
    fc.property(message, (original) => {
      const frames = framesOf(original)
      const joiner = new FrameJoiner()
      const answers = frames.map((frame) => joiner.push(frame))
      expect(frames.every((frame) => frame.length <= frameLimit)).toBe(true)
      expect(answers.slice(0, -1).every((answer) => answer === null)).toBe(true)
      expect(answers.at(-1)).toEqual({ value: JSON.parse(JSON.stringify(original)) })
    }),
    { numRuns: 50 },
  )
})

test('a part out of order, an endless message and text that is not JSON are faults', () => {
  const frames = framesOf({ n: 1, text: 'x'.repeat(40_000) } as { n: number })
  expect(new FrameJoiner().push(frames[1] ?? '')).toEqual({ fault: 'out-of-order' })
  expect(new FrameJoiner().push('{')).toEqual({ fault: 'not-json' })
  const endless = new FrameJoiner()
  const answers = Array.from({ length: 200 }, (_, index) =>
    endless.push(JSON.stringify({ kind: 'part', of: 1, index, last: false, text: 'y'.repeat(12_000) })),
  )
  expect(answers).toContainEqual({ fault: 'too-long' })
})
