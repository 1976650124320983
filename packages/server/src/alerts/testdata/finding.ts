import { digestOf, type Finding, known } from '@tocsin/model'

/** A live finding of one process. */
export function findingOf(program: string, subject: string, more: Partial<Finding> = {}): Finding {
  return {
    id: digestOf([program, subject]),
    intel: { id: 999, revision: 9, kind: 'tanium-signal', name: 'what the agent says' },
    program,
    deployment: 1,
    mode: 'live',
    subject,
    firstAt: 1_700_000_000_000_000,
    lastAt: 1_700_000_000_000_000,
    count: 1,
    chain: [
      {
        key: subject,
        parent: null,
        fields: { 'process.path': known('/usr/bin/evil') },
        startedAt: 1_700_000_000_000_000,
        endedAt: null,
      },
    ],
    explanation: { kept: [[]], witnesses: [], instances: [] },
    blind: [],
    ...more,
  }
}
