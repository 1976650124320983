import { ftruncateSync, openSync, writeSync } from 'node:fs'
import { loadYaraValidator } from '@tocsin/server/yara.ts'
import { type FromFuzzing, mostMemory, slowest } from './messages.ts'
import { minimise } from './minimise.ts'
import { mutated } from './mutate.ts'
import { randomOf } from './random.ts'
import { Complaint, targets } from './targets.ts'

/** Runs inputs against one target until its time is over; the input that runs stands in a file, should it hang. */
const [name = '', seconds = '1', seed = '1', current = ''] = process.argv.slice(2)
const target = targets[name]
if (target === undefined) throw new Error(`no target ${name}`)
const { run, dialect } = target
const yara = await loadYaraValidator()
const tools = { yara }
const descriptor = openSync(current, 'w')
const random = randomOf(Number(seed))
const seeds = [...target.seeds()]
const outcomes = new Set<string>()
const told = new Set<string>()
const mostSeeds = 5_000
const longestBatch = 100
const send = (message: FromFuzzing) => new Promise((resolve) => process.send?.(message, resolve))

let executions = 0
for (const input of [...seeds]) {
  await tryOne(input)
  await beat()
}
const until = Date.now() + Number(seconds) * 1_000
while (Date.now() < until) {
  const batchEnds = Date.now() + longestBatch
  while (Date.now() < batchEnds) await tryOne(mutated(seeds, dialect, random))
  await beat()
}
await send({ kind: 'done' })
process.disconnect()

function beat() {
  return send({ kind: 'beat', executions, outcomes: outcomes.size, rss: megabytes() })
}

async function tryOne(input: Uint8Array): Promise<void> {
  ftruncateSync(descriptor)
  writeSync(descriptor, input, 0, input.length, 0)
  executions += 1
  const why = whyItFails(input)
  if (why === undefined || told.has(why)) return
  told.add(why)
  const smallest = await minimise(
    input,
    async (smaller) => {
      await beat() // each try is an answer
      return whyItFails(smaller) === why
    },
    why.startsWith('slow') ? 20 : 2_000,
  )
  await send({ kind: 'failure', why, input, smallest })
}

/** Nothing if the reader bears the input; the same words for the same fault. */
function whyItFails(input: Uint8Array): string | undefined {
  const before = process.cpuUsage()
  try {
    const outcome = run(input, tools)
    // What nothing before came to is a good start for more.
    if (!outcomes.has(outcome) && seeds.length < mostSeeds) seeds.push(input)
    outcomes.add(outcome)
  } catch (error) {
    if (error instanceof Complaint) return error.message
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return `thrown: ${stack.split('\n').slice(0, 3).join(' ').replace(/\s+/g, ' ')}`
  }
  const { user, system } = process.cpuUsage(before)
  if ((user + system) / 1_000 > slowest) return `slow: more than ${slowest} ms`
  return megabytes() > mostMemory ? `greedy: more than ${mostMemory} MiB` : undefined
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20)
}
