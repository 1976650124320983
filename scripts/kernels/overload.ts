import { KernelSource } from '../../packages/agent/src/recorder/linux/bpf/kernel-source.ts'
import type { KernelNotice } from '../../packages/agent/src/recorder/linux/bpf/notices.ts'
import { releasePins } from '../../packages/agent/src/recorder/linux/bpf/pins.ts'
import type { BlindInterval, ObjectKind } from '../../packages/model/src/index.ts'
import { changeFiles, connectTo, runProcesses } from './do.ts'
import { say } from './say.ts'

const count = 300
const notices: KernelNotice[] = []
const blind: BlindInterval[] = []

/** A ring that is far too small, which nobody reads meanwhile: what is recorded and what is counted are what was done. */
export async function overload(): Promise<void> {
  const source = await KernelSource.open(
    '/state-overload',
    { onKernel: (more) => notices.push(...more), onBlind: (interval) => blind.push(interval) },
    64 << 10,
  )
  source.pause()
  await runProcesses(count)
  source.poll()
  changeFiles('/overload', count)
  source.poll()
  await connectTo('127.0.0.1', count)
  source.stop()
  releasePins('/state-overload')
  tell('process', 3 * count + 3) // and the shell: started, run, ended
  tell('file', 6 * count)
  tell('network', 4 * count + 1) // made, accepted, closed at both ends; and the server that listens
}

function tell(object: ObjectKind, done: number): void {
  const recorded = notices.filter((notice) => objectOf(notice) === object).length
  const lost = sum(blind.filter((interval) => interval.object === object))
  say({ act: `overload ${object}`, done, recorded, lost, sum: recorded + lost })
}

function sum(intervals: readonly BlindInterval[]): number {
  return intervals.reduce((total, { count: lost }) => total + (lost ?? Number.NaN), 0)
}

function objectOf({ kind }: KernelNotice): string {
  if (kind === 'fork' || kind === 'exec' || kind === 'exit') return 'process'
  if (kind === 'undone') return 'file'
  return kind === 'socket' ? 'network' : kind
}
