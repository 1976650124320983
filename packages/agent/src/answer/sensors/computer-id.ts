import type { Answerer } from '../answerer.ts'

export const computerId: Answerer = {
  sensor: 'Computer ID',
  async *rows(_, { facts }) {
    yield [(await facts.status()).endpoint]
  },
}
