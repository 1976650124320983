import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fuzzTarget } from './fuzz/fuzz-target.ts'
import { targets } from './fuzz/targets.ts'

/**
 * `npm run fuzz -- [TARGET…] [--seconds N] [--seed S]`: hostile documents for every reader, N seconds in all.
 * The same seed gives the same inputs; a failing one is written to a file, and beside it a smaller one that fails alike.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    folder: { type: 'string', default: join(tmpdir(), 'tocsin-fuzz') },
  },
})
const names = positionals.length > 0 ? positionals : Object.keys(targets)
const unknown = names.filter((name) => !Object.hasOwn(targets, name))
if (unknown.length > 0) {
  console.error(`no target ${unknown.join(', ')}; there are ${Object.keys(targets).join(', ')}`)
  process.exit(2)
}
const seed = Number(values.seed)
const seconds = Number(values.seconds) / names.length
console.log(`fuzz: seed ${seed}, ${seconds.toFixed(1)} s a target`)
let failed = 0
for (const target of names) {
  const { executions, outcomes, rss, failures } = await fuzzTarget({
    target,
    seconds,
    seed,
    folder: values.folder,
  })
  failed += failures.length
  console.log(
    `${target.padEnd(14)} ${executions} inputs, ${outcomes} outcomes, ${rss} MiB, ${failures.length} failures`,
  )
  for (const { why, file } of failures) console.log(`  ${why}\n  → ${file}`)
}
process.exit(failed === 0 ? 0 : 1)
