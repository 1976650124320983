import { findingOf } from '../../testdata/findings.ts'
import { Outbox } from '../outbox.ts'

/** Adds findings until it is killed, and says of each that it is kept. */
const [, , stateDir = ''] = process.argv
const box = new Outbox({ stateDir, onBlind: () => undefined, now: () => Date.now() * 1_000 })
for (let count = 0; ; count += 1) {
  const finding = findingOf(`finding ${count}`, { program: String(count).padStart(64, '0') })
  if (box.add(finding)) process.stdout.write(`${finding.id}\n`)
  await new Promise((resolve) => setImmediate(resolve))
}
