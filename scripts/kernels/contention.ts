import { mkdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { KernelSource } from '../../packages/agent/src/recorder/linux/bpf/kernel-source.ts'
import type { KernelNotice } from '../../packages/agent/src/recorder/linux/bpf/notices.ts'
import { releasePins } from '../../packages/agent/src/recorder/linux/bpf/pins.ts'
import type { BlindInterval } from '../../packages/model/src/index.ts'
import { shell } from './do.ts'
import { say } from './say.ts'

const writers = 12
const count = 400

/** More writers than processors: where the kernel stops one inside a program, it skips the same program of the next. */
export async function contention(): Promise<void> {
  const notices: KernelNotice[] = []
  const blind: BlindInterval[] = []
  const source = await KernelSource.open('/state-contention', {
    onKernel: (more) => notices.push(...more),
    onBlind: (interval) => blind.push(interval),
  })
  const loop = `i=0; while [ $i -lt ${count} ]; do echo x > /crowd/$w-$i; i=$((i+1)); done`
  mkdirSync('/crowd')
  await shell(`for w in ${numbers()}; do (${loop}) & done; wait`)
  await pause(1_500)
  source.stop()
  releasePins('/state-contention')
  const of = (operation: string) =>
    notices.filter(
      (notice) =>
        notice.kind === 'file' &&
        notice.operation === operation &&
        notice.path.toString().startsWith('/crowd/'),
    ).length
  const skipped = blind.filter(({ reason }) => reason === 'recursion')
  say({
    act: 'contention',
    done: writers * count,
    created: of('create'),
    written: of('write'),
    skipped: skipped.map(({ object, count: calls }) => [object, calls]),
    lost: blind
      .filter(({ reason }) => reason === 'overflow')
      .map(({ object, count: records }) => [object, records]),
  })
}

function numbers(): string {
  return Array.from({ length: writers }, (_, number) => number).join(' ')
}
