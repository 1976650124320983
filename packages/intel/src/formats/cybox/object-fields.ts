import { fileObjects } from './objects/files.ts'
import { machineObjects } from './objects/machines.ts'
import { networkObjects } from './objects/network.ts'
import { processObjects } from './objects/processes.ts'
import type { KnownField, ObjectRow, ObjectRows } from './objects/rows.ts'
import { unseenObjects } from './objects/unseen.ts'
import { windowsObjects } from './objects/windows.ts'

/** The object types of CybOX 2 by their names, such as `FileObjectType`; the reference page is made from it. */
export const objectRows: ObjectRows = {
  ...fileObjects,
  ...processObjects,
  ...networkObjects,
  ...windowsObjects,
  ...machineObjects,
  ...unseenObjects,
}

export function objectRow(type: string): ObjectRow | undefined {
  return Object.hasOwn(objectRows, type) ? objectRows[type] : undefined
}

/** What a field reads, or why it is seen nowhere. Types and fields that CybOX does not have are like that too. */
export function fieldRow(type: string, path: string): KnownField {
  const custom = /(?:^|\/)Custom_Properties\//.test(path)
  if (custom) return { why: 'a custom property has a meaning to its author alone' }
  const row = objectRow(type)
  if (row === undefined) return { why: 'the type of the object is not known' }
  return listed(row, path) ?? { why: whyOf(row) ?? 'the field is none of this type' }
}

/** The nearest type that lists the field counts; whole names go before those that end with `/*`. */
function listed(start: ObjectRow, path: string): KnownField | undefined {
  const lineage = lineageOf(start)
  for (const { fields } of lineage) if (Object.hasOwn(fields, path)) return fields[path]
  const steps = path.split('/')
  for (let length = steps.length - 1; length > 0; length -= 1) {
    const above = `${steps.slice(0, length).join('/')}/*`
    for (const { fields } of lineage) if (Object.hasOwn(fields, above)) return fields[above]
  }
  return undefined
}

function whyOf(start: ObjectRow): string | undefined {
  return lineageOf(start).find(({ why }) => why !== undefined)?.why
}

function lineageOf(start: ObjectRow): readonly ObjectRow[] {
  const above = start.base === undefined ? undefined : objectRow(start.base)
  return above === undefined ? [start] : [start, ...lineageOf(above)]
}
