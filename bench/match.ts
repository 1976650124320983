import {
  hasSigmaCorpus,
  pairsExpected,
  pairsFound,
  programsOf,
  sigmaCorpus,
  sigmaCorpusFolder,
  stepsOf,
} from '../packages/testkit/src/sigma-corpus.ts'

/** All Sigma rules over all Sysmon events of the corpus, held against the trees themselves: `npm run bench -- match`. */
export async function bench(): Promise<void> {
  if (!hasSigmaCorpus) {
    console.error(`${sigmaCorpusFolder} is absent`)
    process.exitCode = 1
    return
  }
  const { rules, lines } = sigmaCorpus()
  const programs = timed(`${rules.length} rules read and loaded`, () => programsOf(rules))
  timed(`${lines.length} records read`, () => stepsOf(lines), lines.length)
  const found = timed(
    `${lines.length} records read and matched`,
    () => pairsFound(programs, lines),
    lines.length,
  )
  const expected = pairsExpected(rules, lines)
  const missed = [...expected].filter((pair) => !found.has(pair))
  const more = [...found].filter((pair) => !expected.has(pair))
  const byRule = [...Map.groupBy(found, (pair) => rules[Number(pair.split(' ')[0])]?.title ?? '')]
    .map(([title, pairs]) => [title, pairs.length] as const)
    .sort((left, right) => right[1] - left[1])
  for (const [title, count] of byRule) console.log(`${String(count).padStart(6)}  ${title}`)
  console.log(
    `${found.size} matches of ${byRule.length} rules; against the trees ${missed.length} missed, ${more.length} more`,
  )
  if (missed.length + more.length > 0) process.exitCode = 1
}

/** By the processor's time too: the machine may be busy with something else. */
function timed<Result>(what: string, run: () => Result, count?: number): Result {
  const began = performance.now()
  const cpu = process.cpuUsage()
  const result = run()
  const seconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  const rate = count === undefined ? '' : `, ${Math.round(count / cpuSeconds)} a second of processor time`
  console.log(`${what}: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of processor time${rate}`)
  return result
}
