import { type Answerer, Unanswerable } from '../answerer.ts'

export const uptime: Answerer = {
  sensor: 'Uptime',
  async *rows(_, { tree }) {
    const seconds = Math.floor(Number((await tree.readProc('uptime')).bytes.toString('latin1').split(' ')[0]))
    if (!Number.isFinite(seconds)) throw new Unanswerable('/proc/uptime says nothing')
    yield [seconds, (Math.floor(Date.now() / 1_000) - seconds) * 1_000_000]
  },
}
