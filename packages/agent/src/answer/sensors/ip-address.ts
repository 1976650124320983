import { networkInterfaces } from 'node:os'
import type { Answerer } from '../answerer.ts'

export const ipAddress: Answerer = {
  sensor: 'IP Address',
  async *rows() {
    for (const { address, internal } of Object.values(networkInterfaces()).flatMap((each) => each ?? []))
      if (!internal) yield [address]
  },
}
