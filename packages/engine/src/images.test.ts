import { known } from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Images } from './images.ts'
import { imageKey, type ProcessView } from './instances.ts'

function view(pid: number, startedAt: number): ProcessView {
  const fields = { 'process.pid': known(pid) }
  return {
    facts: { key: `boot:${pid}:1`, parent: null, fields, startedAt, endedAt: null },
    parent: null,
    isComplete: true,
  }
}

/** The same with a map in the order in which images were heard of, looked at from its beginning. */
class SimpleImages {
  private readonly ends = new Map<string, { readonly view: ProcessView; endedAt: number | null }>()
  private readonly most: number
  readonly gone: string[] = []

  constructor(most: number) {
    this.most = most
  }

  hear(view: ProcessView): boolean {
    const key = imageKey(view)
    const known = this.ends.get(key)
    const [oldest] = this.ends.keys()
    if (known === undefined && this.ends.size >= this.most && oldest !== undefined)
      this.letGo(oldest, 'evicted')
    this.ends.delete(key)
    this.ends.set(key, known ?? { view, endedAt: null })
    return known !== undefined
  }

  end(process: string, at: number): void {
    for (const image of this.ends.values()) if (image.view.facts.key === process) image.endedAt ??= at
  }

  sweep(before: number): void {
    for (const [key, { endedAt }] of this.ends) {
      if (endedAt !== null && endedAt < before) this.letGo(key, 'ended')
    }
  }

  private letGo(key: string, why: string): void {
    this.ends.delete(key)
    this.gone.push(`${key} ${why}`)
  }
}

test('images are kept, found and let go in the same order as in a plain map', () => {
  const small = fc.integer({ min: 1, max: 6 })
  const step = fc.record({
    act: fc.constantFrom('hear', 'hear', 'hear', 'end', 'sweep'),
    pid: small,
    at: small,
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), small, (steps, most) => {
      const gone: string[] = []
      const images = new Images(most, ({ key }, why) => gone.push(`${key} ${why}`))
      const simple = new SimpleImages(most)
      for (const { act, pid, at } of steps) {
        const seen = view(pid, at)
        if (act === 'hear') {
          const isKnown = images.find(seen.facts) !== undefined
          if (!isKnown) images.add(seen)
          expect(isKnown).toBe(simple.hear(seen))
        } else if (act === 'end') {
          images.end(seen.facts.key, at)
          simple.end(seen.facts.key, at)
        } else {
          images.sweep(at)
          simple.sweep(at)
        }
        expect(gone).toEqual(simple.gone)
      }
    }),
  )
})
