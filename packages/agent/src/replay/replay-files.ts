import { rm } from 'node:fs/promises'
import type { EndpointSite } from '../endpoint.ts'
import { keepInput } from './recorded-bytes.ts'
import { ReplayAgent, type Replayed } from './replay-agent.ts'
import { type LeftOut, ReplaySource } from './replay-source.ts'

const patience = 30_000
const mostOthers = 10

/** Replays files, `-` for standard input, and says how it went. True if the server has everything that was found. */
export async function replayFiles(files: readonly string[], site: EndpointSite): Promise<boolean> {
  const kept = files.includes('-') ? await keepInput(process.stdin, site.stateDir) : undefined
  try {
    const source = await ReplaySource.open(files.map((file) => (file === '-' ? (kept ?? file) : file)))
    console.log(`${source.name}: ${source.platform}, ${countsText(source.counts)}`)
    const agent = new ReplayAgent({ ...site, source, patience })
    try {
      const replayed = await agent.run()
      for (const line of [...leftOutLines(source.leftOut), outcomeText(replayed)]) console.log(line)
      return replayed.undelivered === 0
    } finally {
      await agent.stop()
    }
  } finally {
    if (kept !== undefined) await rm(kept, { force: true })
  }
}

function countsText(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].map(([object, count]) => `${count} ${object}`)
  return all.length === 0 ? 'no events' : `events: ${all.join(', ')}`
}

function leftOutLines({ unread, others, foreign, cut }: LeftOut): readonly string[] {
  const named = [...others].slice(0, mostOthers).map(([what, count]) => `not evaluable: ${count} × ${what}`)
  const more = others.size > mostOthers ? [`not evaluable: ${others.size - mostOthers} more kinds`] : []
  return [
    ...cut.map((fault) => `not read to its end: ${fault}`),
    ...(unread > 0 ? [`not readable: ${counted(unread, 'record')}`] : []),
    ...(foreign > 0 ? [`left out: ${counted(foreign, 'event')} of another platform`] : []),
    ...named,
    ...more,
  ]
}

function outcomeText({ revision, programs, findings, undelivered }: Replayed): string {
  const held = `revision ${revision} with ${counted(programs, 'program')}: ${counted(findings, 'finding')}`
  return undelivered === 0 ? `${held}, all delivered` : `${held}, ${undelivered} not delivered`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
