import { spawn } from 'node:child_process'
import { esloggerEvents, esloggerProperties, TelemetryReader } from '@tocsin/telemetry'
import type { Started, StepListener, StepSource } from '../steps/step-source.ts'

/** What a running eslogger tells. */
export interface EsloggerListener {
  readonly onBytes: (bytes: Uint8Array) => void
  /** It ended; what it said last of itself. */
  readonly onEnded: (said: string) => void
}

/** Starts eslogger for some events; what comes back stops it. */
export type StartEslogger = (events: readonly string[], listener: EsloggerListener) => () => void

const path = '/usr/bin/eslogger'
const retryMs = 10_000
const longestSaid = 200

// Limit: processes of macOS that run when the agent starts are known from what they do, not from a snapshot.
/** The events of Endpoint Security, as eslogger writes them. Not run on real macOS. */
export class EsloggerSource implements StepSource {
  readonly name = 'eslogger'
  readonly platform = 'macos'
  readonly events = esloggerProperties
  private readonly startEslogger: StartEslogger
  private stopEslogger: (() => void) | undefined
  private retry: NodeJS.Timeout | undefined
  private isStopped = false

  constructor(startEslogger: StartEslogger = spawnEslogger) {
    this.startEslogger = startEslogger
  }

  /** What happened while no eslogger ran is told by nobody. */
  async start(listener: StepListener): Promise<Started> {
    this.run(listener)
    return { isContinued: false }
  }

  async stop(): Promise<void> {
    this.isStopped = true
    clearTimeout(this.retry)
    this.stopEslogger?.()
  }

  /** Each eslogger begins its lines and its numbers anew. */
  private run(listener: StepListener): void {
    const reader = new TelemetryReader('eslogger')
    this.stopEslogger = this.startEslogger(esloggerEvents, {
      onBytes: (bytes) => {
        listener.onState(null)
        listener.onSteps(reader.push(bytes))
        tellGaps(reader, listener)
      },
      onEnded: (said) => this.ended(said, listener),
    })
  }

  private ended(said: string, listener: StepListener): void {
    if (this.isStopped) return
    const advice = 'run the agent as root, with Full Disk Access'
    listener.onState(`eslogger ended: ${advice} (${said.trim().slice(0, longestSaid) || 'it said nothing'})`)
    this.retry = setTimeout(() => this.run(listener), retryMs)
  }
}

/** Nobody knows of which objects the dropped events were. */
function tellGaps(reader: TelemetryReader, { onBlind }: StepListener): void {
  for (const { from, to, count } of reader.takeGaps())
    onBlind({ from, to, object: 'host', count, reason: 'overflow' })
}

/** It leaves out what the processes of its own group do, which are those of the agent. */
function spawnEslogger(events: readonly string[], listener: EsloggerListener): () => void {
  const child = spawn(path, [...events], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', listener.onBytes)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-1_000)
  })
  child.on('error', (error) => listener.onEnded(error.message))
  child.on('close', (code) => {
    if (code !== null) listener.onEnded(said === '' ? `exit code ${code}` : said)
  })
  return () => child.kill()
}
