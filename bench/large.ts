import { readFileSync } from 'node:fs'
import { ReaderPool } from '@tocsin/server/intel/reading/pool.ts'
import { descendantsOf } from '../packages/testkit/src/children.ts'
import { largeDocuments } from '../packages/testkit/src/fuzz/large-documents.ts'

/** Documents of 64 MiB and others that cost much, read as the server reads them: `npm run bench -- large [NAME]`. */
export async function bench([only]: readonly string[]): Promise<void> {
  for (const [name, make] of Object.entries(largeDocuments)) {
    if (only !== undefined && !name.includes(only)) continue
    const { bytes, hints } = make()
    const pool = new ReaderPool(1, { deadline: 60_000, heap: 1_024 })
    await pool.lend((reader) => reader.ask({ kind: 'read', bytes: new Uint8Array([1]), hints: {} }))
    const child = descendantsOf(process.pid).find(({ command }) => command.includes('read-child'))
    const begin = performance.now()
    const sampled = sampleMemory(child?.pid)
    const outcome = await pool
      .lend(async (reader) => {
        const { document, diagnostics } = await reader.ask({ kind: 'read', bytes, hints })
        const codes = [...new Set(diagnostics.map(({ code }) => code))]
        return `${document === null ? 'refused' : 'accepted'} ${codes.join(' ')}`
      })
      .catch((error: Error) => error.message)
    const took = performance.now() - begin
    console.log(
      `${name}: ${(bytes.length / 2 ** 20).toFixed(1)} MiB, ${outcome.trim()}, ${(took / 1_000).toFixed(1)} s, ${sampled()} MiB`,
    )
    pool.close()
  }
}

/** The most resident memory of a process until it is asked for, MiB. */
function sampleMemory(pid: number | undefined): () => number {
  let most = 0
  const sample = () => {
    const status = pid === undefined ? '' : readStatus(pid)
    most = Math.max(most, Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024))
  }
  const timer = setInterval(sample, 50)
  return () => {
    clearInterval(timer)
    sample()
    return most
  }
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
