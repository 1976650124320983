import { setTimeout as pause } from 'node:timers/promises'
import { type Answerer, type Tools, Unanswerable } from '../answerer.ts'

const spanMs = 500

export const cpuConsumption: Answerer = {
  sensor: 'CPU Consumption',
  async *rows(_, tools) {
    const before = await timesOf(tools)
    await pause(spanMs, undefined, { signal: tools.abort })
    const after = await timesOf(tools)
    const [busy, total] = [after.busy - before.busy, after.total - before.total]
    if (total > 0) yield [Math.round((1_000 * busy) / total) / 10]
  },
}

// line := 'cpu' user nice system idle iowait irq softirq steal …
async function timesOf({ tree }: Tools): Promise<{ readonly busy: number; readonly total: number }> {
  const { bytes } = await tree.readProc('stat')
  const [line = ''] = bytes.toString('latin1').split('\n', 1)
  const times = line.split(/\s+/).slice(1, 9).map(Number)
  const total = times.reduce((sum, each) => sum + each, 0)
  if (!Number.isFinite(total) || total === 0) throw new Unanswerable('/proc/stat says nothing')
  return { busy: total - (times[3] ?? 0) - (times[4] ?? 0), total }
}
