import { type Answerer, Unanswerable } from '../answerer.ts'

export const memory: Answerer = {
  sensor: 'Memory',
  async *rows(_, { tree }) {
    const text = (await tree.readProc('meminfo')).bytes.toString('latin1')
    const bytesOf = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1_024
    const [total, available] = [bytesOf('MemTotal'), bytesOf('MemAvailable')]
    if (Number.isNaN(total) || Number.isNaN(available)) throw new Unanswerable('/proc/meminfo says nothing')
    yield [total, available, Math.round((1_000 * (total - available)) / total) / 10]
  },
}
