import type { BlindInterval, Micros, ObjectKind } from '@tocsin/model'
import type { EndpointRecorder } from './recorder/endpoint-recorder.ts'

/** The time since the agent was last alive is blind, but for what the kernel kept. */
export function stoppedTime(
  recorder: Pick<EndpointRecorder, 'keptSince' | 'settledUntil' | 'capabilityEvents'>,
  last: Micros,
  to: Micros,
): readonly BlindInterval[] {
  const kept = recorder.keptSince()
  const from = Math.max(last, recorder.settledUntil() ?? 0)
  // What is recorded now was recorded before, as far as anybody knows.
  const objects = Object.keys(recorder.capabilityEvents()) as ObjectKind[]
  return objects
    .filter((object) => !kept.has(object))
    .map((object) => ({ from, to, object, count: null, reason: 'stopped' }))
}
