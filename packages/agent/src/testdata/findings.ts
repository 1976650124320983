import { digestOf, type Finding, known } from '@tocsin/model'

/** A finding about a file of this name; `extra`: so many characters that no term read. */
export function findingOf(name: string, more: Partial<Finding> = {}, extra = 0): Finding {
  return {
    id: digestOf(['finding', name]),
    intel: { id: 1, revision: 1, kind: 'openioc', name: 'a document' },
    program: 'a'.repeat(64),
    deployment: 1,
    mode: 'scan',
    subject: name,
    firstAt: 1_000,
    lastAt: 2_000,
    count: 1,
    chain: [],
    explanation: {
      kept: [[]],
      witnesses: [{ at: [], property: 'file.name', seen: name, instance: 'file:1' }],
      instances: [
        {
          key: 'file:1',
          object: 'file',
          at: 1_000,
          fields: {
            'file.name': known(name),
            ...(extra > 0 ? { 'file.path': known('x'.repeat(extra)) } : {}),
          },
        },
      ],
    },
    blind: [],
    ...more,
  }
}
