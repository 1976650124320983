import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { sysmonProperties, TelemetryReader } from '@tocsin/telemetry'
import { endWorker } from '../end-worker.ts'
import { startWorker } from '../start-worker.ts'
import type { Started, StepListener, StepSource } from '../steps/step-source.ts'
import type { ChannelMessage } from './channel-loop.ts'

/** The part of a worker thread that is used. */
export type ChannelThread = Pick<Worker, 'threadId' | 'on' | 'postMessage' | 'terminate'>

const channel = 'Microsoft-Windows-Sysmon/Operational'

// Limit: processes of Windows that run when the agent starts are known from what they do, not from a snapshot.
/** The events of Sysmon, read from its channel. Not run on real Windows. */
export class SysmonSource implements StepSource {
  readonly name = 'sysmon'
  readonly platform = 'windows'
  readonly events = sysmonProperties
  private readonly startThread: () => ChannelThread
  private readonly reader = new TelemetryReader('sysmon')
  private readonly encoder = new TextEncoder()
  private thread: ChannelThread | undefined
  private lostSince: number | null = null

  constructor(stateDir: string, startThread?: () => ChannelThread) {
    const input = { channel, placeFile: join(stateDir, 'sysmon-place.json') }
    this.startThread = startThread ?? (() => startWorker('channel', input))
  }

  /** Answers once the channel was opened, or could not be. */
  start(listener: StepListener): Promise<Started> {
    return new Promise((resolve) => {
      const thread = this.startThread()
      this.thread = thread
      thread.on('message', (message: ChannelMessage) => {
        this.hear(message, listener)
        resolve({ isContinued: message.kind === 'opened' && message.isContinued })
      })
      thread.on('error', (error) => {
        listener.onState(`the thread that reads ${channel} ended: ${error.message}`)
        resolve({ isContinued: false })
      })
    })
  }

  async stop(): Promise<void> {
    if (this.thread !== undefined) await endWorker(this.thread)
  }

  private hear(message: ChannelMessage, listener: StepListener): void {
    switch (message.kind) {
      case 'opened':
        this.lostSince = message.lostSince
        listener.onState(null)
        return
      case 'fault':
        listener.onState(message.why)
        return
      case 'events':
        this.take(message.events, listener)
        this.thread?.postMessage('accepted')
    }
  }

  private take(events: readonly string[], listener: StepListener): void {
    const steps = this.reader.push(this.encoder.encode(events.map((xml) => `${xml}\n`).join('')))
    const first = steps.find((step) => step.kind === 'event')
    if (this.lostSince !== null && first !== undefined) this.tellLost(first.event.at, listener)
    listener.onSteps(steps)
  }

  /** The log had no room for what happened between the last event that was read and the oldest that is left. */
  private tellLost(to: number, { onBlind }: StepListener): void {
    const from = Math.min(this.lostSince ?? to, to)
    this.lostSince = null
    for (const object of ['process', 'file', 'network', 'dns', 'registry', 'image', 'driver'] as const)
      onBlind({ from, to, object, count: null, reason: 'overflow' })
  }
}
