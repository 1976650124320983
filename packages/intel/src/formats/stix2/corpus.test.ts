import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { YaraValidator } from '../../document.ts'
import { reachOfTerms } from '../../reach-of-terms.ts'
import { readStix2 } from './read-stix2.ts'

const data = new URL('../../../../../../shared/data/stix2/', import.meta.url)
const isHere = existsSync(data)
const why = isHere ? '' : ` (skipped: ${data.pathname} is absent)`
const yara: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }

/** What terms a folder's documents have, and what is told of those that no endpoint evaluates. */
function countOf(folder: string) {
  const count = { documents: 0, withoutIndicator: 0, terms: 0, never: 0 }
  const reasons = new Map<string, number>()
  for (const name of readdirSync(new URL(folder, data))) {
    const { document, diagnostics } = readStix2(readFileSync(new URL(`${folder}/${name}`, data)), {}, yara)
    count.documents += 1
    if (document === undefined) {
      expect(diagnostics, name).toMatchObject([{ code: 'ST2002' }])
      count.withoutIndicator += 1
      continue
    }
    const { terms, never } = reachOfTerms(document)
    count.terms += terms
    count.never += never
    const told = diagnostics.filter(({ code }) => code === 'ST2009')
    if (never > 0) expect(told.length, name).toBeGreaterThan(0)
    for (const { message } of told) {
      const reason = message.replace(/ \(\d+ times\)$/, '')
      const times = Number(/\((\d+) times\)$/.exec(message)?.[1] ?? 1)
      reasons.set(reason, (reasons.get(reason) ?? 0) + times)
    }
    const others = diagnostics.filter(({ code }) => code !== 'ST2009' && code !== 'ST2005')
    expect(others, name).toEqual([])
  }
  return { ...count, reasons: Object.fromEntries([...reasons].sort()) }
}

test.runIf(isHere)(`what the examples of the standard hold is evaluable or says why not${why}`, () => {
  expect(countOf('examples')).toEqual({
    documents: 8,
    withoutIndicator: 2,
    terms: 35,
    never: 6,
    reasons: {
      'email-message:body_multipart[*].body_raw_ref.name is not evaluable: e-mail is not recorded': 1,
      'email-message:subject is not evaluable: e-mail is not recorded': 1,
      'x509-certificate:issuer is not evaluable: the certificates of connections are not recorded': 2,
      'x509-certificate:serial_number is not evaluable: the certificates of connections are not recorded': 2,
    },
  })
})

test.runIf(isHere)(`what is published about phones is evaluable or says why not${why}`, () => {
  expect(countOf('mvt')).toEqual({
    documents: 10,
    withoutIndicator: 0,
    terms: 944,
    never: 65,
    reasons: {
      'app:cert.sha256 is not evaluable: apps of phones are not seen': 8,
      'app:id is not evaluable: apps of phones are not seen': 21,
      'email-addr:value is not evaluable: e-mail is not recorded': 36,
    },
  })
})
