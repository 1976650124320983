import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Recorder } from '../../packages/agent/src/recorder/recorder.ts'
import type { RecordedEvent } from '../../packages/model/src/index.ts'
import { runProcesses } from './do.ts'
import { say } from './say.ts'

const count = 100

/** Without the programs in the kernel: audit, the process connector and fanotify. */
export async function fallback(): Promise<void> {
  const events: RecordedEvent[] = []
  let blind = 0
  const recorder = new Recorder({
    ...{ stateDir: '/state-fallback', exclude: ['/state-fallback'], hooks: 'audit' },
    onProcess: () => undefined,
    onEvent: (event) => events.push(event),
    onCompletion: () => undefined,
    onExit: () => undefined,
    onBlind: () => (blind += 1),
    onSourcesChanged: () => undefined,
  })
  await recorder.start()
  say({ fallback: Object.keys(recorder.capabilityEvents()), states: recorder.states })
  await runProcesses(count)
  const child = fileURLToPath(new URL('./child.ts', import.meta.url))
  await once(spawn(process.execPath, [child, String(count)], { stdio: 'ignore' }), 'exit')
  await pause(3_000)
  await recorder.stop()
  const of = (object: string, operation: string, done: number) =>
    say({
      act: `fallback ${object} ${operation}`,
      done,
      recorded: events.filter((event) => event.object === object && event.operation === operation).length,
    })
  of('process', 'start', count + 2)
  of('process', 'exit', count + 2)
  of('network', 'connect', count)
  of('network', 'accept', count)
  of('network', 'listen', 2)
  of('driver', 'load', 1)
  of('file', 'create', 2 * count)
  for (const operation of ['write', 'rename', 'delete']) of('file', operation, count)
  say({ fallbackBlind: blind })
}
