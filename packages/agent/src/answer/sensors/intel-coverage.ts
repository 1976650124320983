import { type Answerer, Unanswerable } from '../answerer.ts'

// Limit: Intel Coverage says whether a document runs; which of its terms can be met here is in the server's coverage.
export const intelCoverage: Answerer = {
  sensor: 'Intel Coverage',
  async *rows([text = ''], { facts }) {
    if (!/^\d{1,10}$/.test(text.trim())) throw new Unanswerable('the id of a document is a number')
    const id = Number(text)
    const found = (await facts.status()).intel.filter((each) => each.id === id)
    if (found.length === 0) yield [id, null, null, 'not deployed', null]
    for (const { name, revision, refused } of found)
      yield [id, name, revision, refused === null ? 'runs' : 'does not run', refused]
  },
}
