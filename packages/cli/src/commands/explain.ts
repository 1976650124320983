import { readFile, writeFile } from 'node:fs/promises'
import { call } from '@tocsin/api'
import { alertProof } from '@tocsin/api/v1/alerts.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, print, printJson } from '../output.ts'
import { checkProof, type Proof, proofSchema } from '../proof.ts'

export function register(program: Command): void {
  program
    .command('explain')
    .description(
      'show why an alert was raised and check it again: of the server by id, or of a saved file without one',
    )
    .argument('<alert>', 'id of an alert, or a file that --save wrote')
    .option('--save <file>', 'write alert, program, signed manifest and key to a file')
    .option('--json', 'one JSON object')
    .action(async (alert: string, { save, json }: { save?: string; json?: true }) => {
      const proof = /^\d+$/.test(alert) ? await fetched(alert) : await read(alert)
      if (save !== undefined) await writeFile(save, `${JSON.stringify(proof, null, 2)}\n`)
      const checks = checkProof(proof)
      const isRight = checks.every(({ holds }) => holds)
      if (json)
        printJson({ verdict: isRight ? 'match' : 'no-match', checks, explanation: proof.finding.explanation })
      else show(proof, checks)
      process.exitCode = isRight ? exitCodes.done : exitCodes.no
    })
}

async function fetched(id: string): Promise<Proof> {
  return proofSchema.parse(await call(await connectionOf(), alertProof, { params: { id } }))
}

async function read(file: string): Promise<Proof> {
  return proofSchema.parse(JSON.parse(await readFile(file, 'utf8')))
}

function show({ alert, finding, publicKey }: Proof, checks: ReturnType<typeof checkProof>): void {
  print(
    `alert ${alert.id} on ${harmless(alert.computerName)}: “${harmless(finding.intel.name)}”, ${finding.mode}`,
  )
  for (const { property, seen, instance } of finding.explanation.witnesses) {
    const value = seen === undefined ? 'no value' : harmless(JSON.stringify(seen))
    print(`  ${property ?? 'content'} = ${value}  (${harmless(instance)})`)
  }
  if (finding.blind.length > 0) print(`  beside ${finding.blind.length} blind intervals`)
  for (const { what, holds, why } of checks)
    print(`${holds ? '✓' : '✗'} ${what}${why === undefined ? '' : `: ${why}`}`)
  print(`signed by ${publicKey}`)
}
