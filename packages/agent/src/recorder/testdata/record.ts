import type { RecordedEvent } from '@tocsin/model'
import { Recorder } from '../recorder.ts'

/** `STATE audit|programs MARK`: records in a process of its own, and tells what speaks of the mark, and every blind interval. */
const [stateDir = '', hooks, mark = ''] = process.argv.slice(2)
const recorder = new Recorder({
  stateDir,
  exclude: [stateDir],
  ...(hooks === 'audit' ? { hooks } : {}),
  onProcess: () => undefined,
  onEvent: (event) => tell(event),
  onCompletion: () => undefined,
  onExit: () => undefined,
  onBlind: (interval) => process.send?.({ kind: 'blind', interval }),
  onSourcesChanged: () => undefined,
})
await recorder.start()
process.send?.({ kind: 'ready', events: recorder.capabilityEvents(), states: recorder.states })
process.on('message', () => void recorder.stop().then(() => process.exit(0)))

function tell(event: RecordedEvent): void {
  const chain = recorder.table.chainOf(event.actor, 3).map(({ fields }) => fields)
  if (JSON.stringify([event.fields, chain]).includes(mark)) process.send?.({ kind: 'event', event, chain })
}
