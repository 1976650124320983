import { expect, test } from 'vitest'
import { readCybox } from './read-cybox.ts'

const read = (body: string) => {
  const text = `<c:Observables xmlns:c="http://cybox.mitre.org/cybox-2"
    xmlns:f="http://cybox.mitre.org/objects#FileObject-2"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${body}</c:Observables>`
  return readCybox(new TextEncoder().encode(text), {})
}
const refer = (id: string) => `<c:Observable idref="${id}"/>`
const file = (id: string, name: string) =>
  `<c:Observable id="${id}"><c:Object><c:Properties xsi:type="f:FileObjectType">
  <f:File_Name condition="Equals">${name}</f:File_Name></c:Properties></c:Object></c:Observable>`
const compose = (id: string, operator: string, ...parts: readonly string[]) =>
  `<c:Observable id="${id}"><c:Observable_Composition operator="${operator}">${parts.join('')}
  </c:Observable_Composition></c:Observable>`

test('references that double at every step are refused, in bounded time', () => {
  const steps = Array.from({ length: 40 }, (_, step) =>
    compose(`s${step}`, 'AND', refer(`s${step + 1}`), refer(`s${step + 1}`)),
  )
  const began = performance.now()
  const { document, diagnostics } = read(`${steps.join('')}${file('s40', 'a')}`)
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(document).toBeUndefined()
  expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'CBX010', severity: 'error' }))
})

test('a long chain of references is refused, a short one is read', () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, step) => compose(`s${step}`, 'AND', refer(`s${step + 1}`))).join('') +
    file(`s${length}`, 'a')
  expect(read(chain(10_000)).diagnostics).toContainEqual(expect.objectContaining({ code: 'CBX010' }))
  expect(read(chain(50)).document?.condition).toMatchObject({ operand: { values: ['a'] } })
})

test('an AND with a part outside of the document never matches, an OR does without it', () => {
  const all = read(compose('x', 'AND', file('a', 'a'), refer('elsewhere'))).document?.condition
  const any = read(compose('x', 'OR', file('a', 'a'), refer('elsewhere'))).document?.condition
  expect(all).toMatchObject({ kind: 'and', parts: [{}, { property: 'foreign:cybox/none' }] })
  expect(any).toMatchObject({ kind: 'term', property: 'file.name' })
})
