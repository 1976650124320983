import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { load, type Match } from '@tocsin/engine'
import { digestOf, known, type ProcessFacts } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, expect, test } from 'vitest'
import { startTicksOf } from '../recorder/linux/proc.ts'
import { whyNoLibyara } from '../testdata/libyara.ts'
import { type Made, made, programOf, yaraProgram } from '../testdata/programs.ts'
import { Quarantine } from './content/quarantine.ts'
import { memoryOf, readableRegions } from './memory.ts'
import type { ScanProgress } from './scan-messages.ts'
import { Scanner } from './scanner.ts'

const why = process.getuid?.() === 0 ? whyNoLibyara : 'needs root'
const note = why === undefined ? '' : ` (skipped: ${why})`
const children: ChildProcess[] = []
const pids: number[] = []
afterEach(() => {
  for (const pid of pids.splice(0)) end(pid)
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A process that holds a text in its memory which stands neither in its arguments nor in a file. */
function holder(parts: readonly string[]): Promise<number> {
  const code = `held = [${JSON.stringify(parts)}].map((parts) => Buffer.from(parts.join('-'))); console.log('ready'); setInterval(() => held, 1e6)`
  return grandchild([process.execPath, '-e', code])
}

/** It is no child of this process, as those are taken for the scanner's own. */
async function grandchild(command: readonly string[]): Promise<number> {
  const shell = spawn('/bin/sh', ['-c', '"$@" & echo $! ready; wait', 'sh', ...command])
  children.push(shell)
  let said = ''
  for await (const chunk of shell.stdout) {
    said += String(chunk)
    if (said.split('ready').length > (command[0] === process.execPath ? 2 : 1)) break
  }
  const pid = Number(/\d+/.exec(said)?.[0])
  pids.push(pid)
  return pid
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended already
  }
}

function factsOf(pid: number, key = `boot:${pid}:${startTicksOf(pid)?.startTicks}`): ProcessFacts {
  const fields = { 'process.pid': known(pid), 'process.name': known('holder') }
  return { key, parent: null, fields, startedAt: 1_000, endedAt: null }
}

function memoryProgram(text: string): Made {
  const { program, objects } = yaraProgram(text)
  if (program.condition.kind !== 'content') throw new Error('it is no content')
  const condition = { ...program.condition, engines: ['libyara', 'yara-x'] as const, of: 'memory' as const }
  const blobs = program.blobs.flatMap((digest) => objects.get(digest) ?? [])
  return made(programOf(condition, { blobs: program.blobs }), blobs)
}

async function scanned(programs: readonly Made[], processes: readonly ProcessFacts[]) {
  const matches: Match[] = []
  let last: ScanProgress | undefined
  const scanner = new Scanner({
    exclude: [],
    quarantine: new Quarantine([], () => undefined),
    onMatch: (match) => matches.push(match),
    onProgress: (progress) => {
      last = progress
    },
    onMissed: () => undefined,
    engines: [{ engine: 'libyara', why: null, modules: [], memory: true }],
  })
  const loaded = programs.map(({ program, objects }) => ({
    ...load(program, (digest) => objects.get(digest)),
    digest: digestOf(program),
  }))
  scanner.use(loaded, { scanRoots: ['/nowhere'], scanExclude: [] })
  await scanner.scan({ scan: 1, programs: [], processes })
  scanner.close()
  return { matches, last }
}

test.skipIf(why)(
  `a rule finds a text in the memory of the process that holds it, and not in its near twin${note}`,
  async () => {
    const program = memoryProgram(
      'rule held { strings: $a = "planted-for-a-scan-of-memory" condition: $a and not defined filesize }',
    )
    const [planted, twin] = [
      await holder(['planted', 'for', 'a', 'scan', 'of', 'memory']),
      await holder(['planted', 'for', 'no', 'scan', 'of', 'memory']),
    ]
    const facts = [planted, twin].map((pid) => factsOf(pid))
    const { matches, last } = await scanned([program], facts)
    expect(matches.map((match) => [match.program, match.subject])).toEqual([[program.digest, facts[0]?.key]])
    const [offset] = matches[0]?.explanation.witnesses[0]?.offsets ?? []
    expect(offset?.string).toBe('held:$a')
    expect(offset?.offset).toBeGreaterThan(4_096)
    expect(Buffer.from(offset?.around ?? '', 'hex').toString('latin1')).toContain(
      'planted-for-a-scan-of-memory',
    )
    expect([...(last?.verdicts.values() ?? [])]).toEqual(['match'])
  },
  60_000,
)

test.skipIf(why)(
  `what no process holds is nowhere; a process that is gone leaves it open${note}`,
  async () => {
    const program = memoryProgram('rule held { strings: $a = "nobody-has-this" condition: $a }')
    const pid = await grandchild(['/bin/sleep', '1000'])
    const verdict = async (processes: readonly ProcessFacts[]) => [
      ...((await scanned([program], processes)).last?.verdicts.values() ?? []),
    ]
    expect(await verdict([factsOf(pid)])).toEqual(['no-match'])
    expect(await verdict([factsOf(pid, `boot:${pid}:1`)])).toEqual(['inconclusive'])
    const facts = factsOf(pid)
    end(pid)
    await until('it has ended', async () => startTicksOf(pid) === undefined, 10_000)
    expect(await verdict([facts])).toEqual(['inconclusive'])
  },
  60_000,
)

test.skipIf(why)(
  `the agent does not look for its own rules in itself${note}`,
  async () => {
    const program = memoryProgram('rule own { strings: $a = "rule own" condition: $a }')
    const { matches } = await scanned([program], [factsOf(process.pid)])
    expect(matches).toEqual([])
  },
  60_000,
)

test.skipIf(why)(
  `a process that holds more than is searched is searched in part${note}`,
  async () => {
    const code = 'held = Buffer.alloc(100 << 20, 7); console.log("ready"); setInterval(() => held, 1e6)'
    const child = spawn(process.execPath, ['-e', code])
    children.push(child)
    await once(child.stdout, 'data')
    const { bytes, isWhole } = await memoryOf(child.pid ?? 0)
    expect([bytes.length, isWhole]).toEqual([64 << 20, false])
  },
  60_000,
)

test('readable regions are read, but for those of devices and of the kernel', () => {
  const maps = [
    '5581a0000000-5581a0002000 r--p 00000000 fe:00 1234   /usr/bin/some thing',
    '5581a0002000-5581a0003000 ---p 00000000 00:00 0',
    '7f0000000000-7f0000001000 rw-s 00000000 00:05 99     /dev/dri/card0',
    '7f0000001000-7f0000002000 rw-p 00000000 00:00 0      [heap]',
    '7ffd00000000-7ffd00004000 r--p 00000000 00:00 0      [vvar]',
    '7ffd00004000-7ffd00006000 r-xp 00000000 00:00 0      [vdso]',
    'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]',
    'not a line',
    '',
  ]
  expect(readableRegions(maps.join('\n'))).toEqual([
    { from: 0x5581a0000000, to: 0x5581a0002000 },
    { from: 0x7f0000001000, to: 0x7f0000002000 },
  ])
})

test('a process that is not there is told as such', async () => {
  await expect(memoryOf(2 ** 22 + 1)).rejects.toThrow()
})
