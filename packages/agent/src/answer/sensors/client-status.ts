import type { Answerer } from '../answerer.ts'

export const clientStatus: Answerer = {
  sensor: 'Client Status',
  async *rows(_, { facts }) {
    yield* (await facts.status()).facts
  },
}
