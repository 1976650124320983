import type { Term } from '@tocsin/model'

/** The property of a term, and the one that it is compared with. */
export function propertiesOf({ property, operand }: Term): readonly string[] {
  return operand.kind === 'property' ? [property, operand.property] : [property]
}

/** Readable in a document, evaluable nowhere. */
export function isForeign(property: string): boolean {
  return property.startsWith('foreign:')
}

/** Of foreign properties nobody knows how many values they have. */
const severalValues =
  /^foreign:|\.ancestry_|^dns\.response$|^(?:network|connection)\.(?:address|port)$|^process\.(?:handle|mapped_path|environment)$|^file\.(?:section|library|import|export)$|^user\.group$|^host\.(?:mac_)?address$|^mount\.options$/

/** Whether one instance can have several values of a property. */
export function hasSeveralValues(property: string): boolean {
  return severalValues.test(property)
}
