import {
  hasSigmaCorpus,
  pairsExpected,
  pairsFound,
  programsOf,
  sigmaCorpus,
  sigmaCorpusFolder,
} from '@tocsin/testkit/sigma-corpus.ts'
import { expect, test } from 'vitest'

const why = hasSigmaCorpus ? '' : ` (skipped: ${sigmaCorpusFolder} is absent)`
const everyNth = 20

/** All events: `npm run bench -- match`. */
test.runIf(hasSigmaCorpus)(
  `2,398 rules find in every twentieth of 16,138 events what their trees say${why}`,
  () => {
    const { rules, lines } = sigmaCorpus()
    const sample = lines.filter((_, line) => line % everyNth === 0)
    const expected = pairsExpected(rules, sample)
    expect(expected.size).toBeGreaterThan(80)
    expect([...pairsFound(programsOf(rules), sample)].sort()).toEqual([...expected].sort())
  },
  300_000,
)
