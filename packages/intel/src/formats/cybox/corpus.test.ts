import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eachLeaf } from '../../each-leaf.ts'
import { reachOfLeaf } from '../../reach-of-leaf.ts'
import { fullCapability } from '../../reach-of-terms.ts'
import { readCybox } from './read-cybox.ts'

const corpus = new URL('../../../../../../shared/data/cybox/samples/', import.meta.url)
const isHere = existsSync(corpus)
const why = isHere ? '' : ` (skipped: ${corpus.pathname} is absent)`

/** What mail servers, routers and certificate stores see, and endpoints do not. */
const elsewhere = /^foreign:cybox\/(?:EmailMessage|X509Certificate|Whois)\//
/** Where a list of objects has none that could be looked for. */
const none = 'foreign:cybox/none'

test.runIf(isHere)(`every field of the CybOX samples is evaluable or says why not${why}`, () => {
  const count = { documents: 0, evaluable: 0, elsewhere: 0, other: 0 }
  for (const name of readdirSync(corpus)) {
    const { document, diagnostics } = readCybox(readFileSync(new URL(name, corpus)), { fileName: name })
    expect(document, name).toBeDefined()
    if (document === undefined) continue
    count.documents += 1
    const told = diagnostics.filter(({ code }) => code === 'CBX005').map(({ message }) => message)
    const refused = diagnostics.filter(({ code }) => code === 'CBX004' || code === 'CBX012')
    expect(refused, name).toEqual([])
    eachLeaf(document.condition, (leaf, _, scope) => {
      const isReached = (['linux', 'windows', 'macos'] as const).some((platform) =>
        (['live', 'scan'] as const).some(
          (mode) =>
            reachOfLeaf(leaf, scope, { mode, program: document, capability: fullCapability(platform) }) ===
            undefined,
        ),
      )
      if (isReached) count.evaluable += 1
      else if (leaf.kind === 'term' && elsewhere.test(leaf.property)) count.elsewhere += 1
      else if (!(leaf.kind === 'term' && leaf.property === none)) count.other += 1
      if (isReached || leaf.kind === 'content' || leaf.property === none) return
      const field = leaf.property.slice('foreign:cybox/'.length)
      expect(
        told.some((message) => message.startsWith(`${field} is not evaluable: `)),
        field,
      ).toBe(true)
    })
  }
  expect(count).toEqual({ documents: 10, evaluable: 136, elsewhere: 29, other: 0 })
})
