/** What is read of a package's header. */
export interface RpmPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly vendor: string
}

const tags = {
  name: 1_000,
  version: 1_001,
  release: 1_002,
  epoch: 1_003,
  vendor: 1_011,
  arch: 1_022,
} as const
const intro = 8
const entrySize = 16
const [int32, text, translated] = [4, 6, 9] as const

// header := entries (4) length of the store (4) entry* store ; entry := tag (4) type (4) offset (4) count (4)
/** Reads a header as the database of rpm holds it; nothing where it is no header. */
export function rpmPackage(blob: Buffer): RpmPackage | undefined {
  if (blob.length < intro) return undefined
  const entries = blob.readUInt32BE(0)
  const store = intro + entries * entrySize
  if (store > blob.length) return undefined
  const values = new Map<number, string>()
  for (let at = intro; at < store; at += entrySize) {
    const value = valueAt(blob, blob.readUInt32BE(at + 4), store + blob.readUInt32BE(at + 8))
    if (value !== undefined) values.set(blob.readUInt32BE(at), value)
  }
  const of = (tag: keyof typeof tags) => values.get(tags[tag]) ?? ''
  if (of('name') === '') return undefined
  const epoch = of('epoch') === '' || of('epoch') === '0' ? '' : `${of('epoch')}:`
  const version = `${epoch}${of('version')}-${of('release')}`
  return { name: of('name'), version, architecture: of('arch'), vendor: of('vendor') }
}

function valueAt(blob: Buffer, type: number, at: number): string | undefined {
  if (type === int32) return at + 4 <= blob.length ? String(blob.readUInt32BE(at)) : undefined
  if (type !== text && type !== translated) return undefined
  const end = blob.indexOf(0, at)
  return at >= blob.length || end < 0 ? undefined : blob.toString('utf8', at, end)
}
