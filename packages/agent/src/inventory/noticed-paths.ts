import type { Field, RecordedEvent } from '@tocsin/model'

/** The bytes of the paths at which a file event may have changed something. */
export function noticedPaths({ object, fields }: RecordedEvent): readonly Buffer[] {
  if (object !== 'file') return []
  return ['file.path', 'file.source_path']
    .map((property) => bytesOf(fields[`${property}.raw`]) ?? bytesOf(fields[property]))
    .filter((path) => path !== undefined && path[0] === slash && path.length > 1)
    .flatMap((path) => path ?? [])
}

const slash = 0x2f

function bytesOf(field: Field | undefined): Buffer | undefined {
  const [value] = field?.values ?? []
  if (typeof value === 'string') return Buffer.from(value)
  return value !== null && typeof value === 'object' && 'bytes' in value
    ? Buffer.from(value.bytes, 'hex')
    : undefined
}
