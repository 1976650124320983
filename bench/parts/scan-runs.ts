import { spawnSync } from 'node:child_process'
import type { LoadedProgram, Match } from '@tocsin/engine'
import { cpuOfChildren } from '../../packages/agent/src/governor/usage.ts'
import { Quarantine, type Quarantined } from '../../packages/agent/src/scan/content/quarantine.ts'
import type { ContentEngines } from '../../packages/agent/src/scan/engines.ts'
import type { ScanProgress } from '../../packages/agent/src/scan/scan-messages.ts'
import { Scanner } from '../../packages/agent/src/scan/scanner.ts'

export interface Cost {
  readonly cpuSeconds: number
  readonly seconds: number
}

export interface ScanRun extends Cost {
  readonly files: number
  readonly bytes: number
  readonly skipped: Readonly<Record<string, number>>
  readonly matches: readonly Match[]
  readonly quarantined: readonly Quarantined[]
}

export interface ScanSetup {
  readonly roots: readonly string[]
  readonly programs: readonly LoadedProgram[]
  readonly engines: ContentEngines
}

/** CPU seconds of this process and of all that it has started. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + cpuOfChildren()
}

/** One whole pass without a budget. */
export async function scanRun({ roots, programs, engines }: ScanSetup): Promise<ScanRun> {
  const matches: Match[] = []
  const quarantined: Quarantined[] = []
  let last: ScanProgress | undefined
  const scanner = new Scanner({
    ...{ exclude: [], engines },
    quarantine: new Quarantine([], (entry) => quarantined.push(entry)),
    onMatch: (match) => matches.push(match),
    onProgress: (progress) => {
      last = progress
    },
    onMissed: () => undefined,
  })
  scanner.use(programs, { scanRoots: roots, scanExclude: [] })
  const [cpu, at] = [cpuSeconds(), performance.now()]
  await scanner.scan({ scan: 1, programs: [], processes: [] })
  const cost = { cpuSeconds: cpuSeconds() - cpu, seconds: (performance.now() - at) / 1_000 }
  scanner.close()
  const { files = 0, bytes = 0, skipped = {} } = last ?? {}
  return { ...cost, files, bytes, skipped, matches, quarantined }
}

/** What a line of the shell costs, with what it prints. */
export function toolRun(line: string): Cost & { readonly output: string } {
  const [cpu, at] = [cpuOfChildren(), performance.now()]
  const { stdout } = spawnSync('/bin/sh', ['-c', line], { encoding: 'utf8', maxBuffer: 1 << 30 })
  return {
    cpuSeconds: cpuOfChildren() - cpu,
    seconds: (performance.now() - at) / 1_000,
    output: stdout,
  }
}

/** The cost of the middle run of several. */
export function middle<Item extends Cost>(runs: readonly Item[]): Item {
  const [first, ...others] = [...runs].sort((a, b) => a.cpuSeconds - b.cpuSeconds)
  if (first === undefined) throw new Error('nothing ran')
  return [first, ...others][runs.length >> 1] ?? first
}
