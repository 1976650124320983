import { expect, test } from 'vitest'
import { Freshness } from './freshness.ts'

test('without a walk nothing is whole, and a walk makes whole what was there when it began', () => {
  const it = new Freshness(0)
  expect(it.asOf(100)).toBe(0)
  it.walkBegins()
  it.walkEnds(50)
  expect([it.asOf(100), it.asOf(200)]).toEqual([50, 50])
})

test('where changes are heard of, it stays whole but for what waits to be looked at', () => {
  const it = new Freshness(0)
  it.live(true, 10)
  it.walkBegins()
  it.walkEnds(50)
  expect([it.asOf(100), it.asOf(200), it.asOf(200, 150)]).toEqual([100, 200, 150])
})

test('a walk during which changes were missed makes whole only what was there when it began', () => {
  const it = new Freshness(0)
  it.live(true, 10)
  it.walkBegins()
  it.missed(60)
  it.walkEnds(50)
  expect(it.asOf(100)).toBe(50)
  it.walkBegins()
  it.walkEnds(110)
  expect(it.asOf(200)).toBe(200)
})

test('once changes are missed or not heard of any more, time stands still', () => {
  for (const end of [(it: Freshness) => it.missed(150, 140), (it: Freshness) => it.live(false, 150, 140)]) {
    const it = new Freshness(0)
    it.live(true, 10)
    it.walkBegins()
    it.walkEnds(50)
    end(it)
    expect([it.asOf(200), it.asOf(300)]).toEqual([140, 140])
  }
})
