import { type Connection, call } from '@tocsin/api'
import {
  cancelScanContract,
  pauseScanContract,
  readScan,
  requestScanContract,
  resumeScanContract,
} from '@tocsin/api/v1/scans.ts'
import type { Command } from 'commander'
import { connectionOf } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { harmless, print, printJson } from '../output.ts'

const acts = [
  ['pause', pauseScanContract, 'stands still'],
  ['resume', resumeScanContract, 'goes on'],
  ['cancel', cancelScanContract, 'is cancelled'],
] as const

export function register(program: Command): void {
  const scan = program
    .command('scan')
    .description('scan endpoints now; deploys what is not deployed yet')
    .argument('[document]', 'id of one document; all without')
    .option('--group <id>', 'computer group', '1')
    .option('--no-wait', 'do not wait for the endpoints')
    .option('--json', 'one JSON object')
    .action(async (document: string | undefined, options: { group: string; wait: boolean; json?: true }) => {
      const connection = await connectionOf()
      const scan = await call(connection, requestScanContract, {
        body: { document: document === undefined ? null : Number(document), group: Number(options.group) },
      })
      if (!options.wait) return options.json ? printJson(scan) : print(`scan ${scan.id} is requested`)
      const report = await finished(connection, scan.id, options.json !== true)
      if (options.json) printJson(report)
      process.exitCode = report.results.some(({ state }) => state === 'failed')
        ? exitCodes.no
        : exitCodes.done
    })
  for (const [name, contract, said] of acts) {
    scan
      .command(name)
      .description(`a scan ${said} on all endpoints`)
      .argument('<scan>', 'its number')
      .action(async (id: string) => {
        await call(await connectionOf(), contract, { params: { id } })
        print(`scan ${id} ${said}`)
      })
  }
}

/** It has not ended. */
const isOpen = (state: string) => state === 'sent' || state === 'running' || state === 'paused'

async function finished(connection: Connection, id: number, show: boolean) {
  let before = ''
  for (;;) {
    const report = await call(connection, readScan, { params: { id } })
    const files = report.results.reduce((sum, { files: count }) => sum + count, 0)
    const done = report.results.filter(({ state }) => !isOpen(state)).length
    const line = `scan ${id}: ${report.state}, ${done} of ${report.targets} endpoints, ${files} files`
    if (show && line !== before) print(line)
    before = line
    if (!isOpen(report.state)) {
      if (show) showResults(report)
      return report
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function showResults(report: Awaited<ReturnType<typeof finished>>): void {
  for (const { match, noMatch, inconclusive } of report.programs) {
    print(`  ${match} match, ${noMatch} no match, ${inconclusive} inconclusive`)
  }
  for (const { computerName, quarantined, skipped, restarts } of report.results) {
    if (restarts > 0)
      print(`  ${harmless(computerName)}: begun anew ${restarts} times, since its agent ended`)
    for (const { message } of quarantined)
      print(`  ${harmless(computerName)}: set aside: ${harmless(message)}`)
    const reasons = Object.entries(skipped).map(([reason, count]) => `${count} ${harmless(reason)}`)
    if (reasons.length > 0) print(`  ${harmless(computerName)}: skipped ${reasons.join(', ')}`)
  }
}
