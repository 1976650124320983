import { SaxesParser } from 'saxes'
import { type OtherRecord, otherRecord, providerOf, type SysmonRecord } from './record.ts'

const mostElements = 1_000
const deepest = 16

/** What could not be read of an event's XML. */
export interface XmlFault {
  readonly fault: string
}

/** Leaves the parser at a fault: saxes itself would go on. */
class Stop extends Error {}

/** One `<Event>` as Windows and Sysmon for Linux write it. Never throws. */
export function sysmonOfXml(text: string): SysmonRecord | OtherRecord | XmlFault {
  const seen = new Seen()
  try {
    parse(text, seen)
  } catch (error) {
    if (error instanceof Stop) return { fault: error.message }
    throw error
  }
  return seen.record()
}

/** What has been met of an event so far. */
class Seen {
  private readonly values = new Map<string, string>()
  private provider = ''
  private id = ''
  private host = ''
  private loggedAt: string | undefined

  /** An element that ends, with its text. */
  end(name: string, attributes: ReadonlyMap<string, string>, text: string): void {
    if (name === 'Data') this.values.set(attributes.get('Name') ?? '', text)
    if (name === 'EventID') this.id = text.trim()
    if (name === 'Computer') this.host = text.trim()
    if (name === 'Provider') this.provider = attributes.get('Name') ?? ''
    if (name === 'TimeCreated') this.loggedAt = attributes.get('SystemTime')
  }

  record(): SysmonRecord | OtherRecord {
    const platform = providerOf(this.provider)
    if (platform === undefined || !/^\d{1,6}$/.test(this.id))
      return otherRecord(this.provider === '' ? 'unnamed log' : this.provider, this.id)
    return { id: Number(this.id), values: this.values, host: this.host, platform, loggedAt: this.loggedAt }
  }
}

function parse(text: string, seen: Seen): void {
  const parser = new SaxesParser({ xmlns: false, fragment: false })
  const open: { readonly name: string; readonly attributes: ReadonlyMap<string, string>; text: string }[] = []
  let elements = 0
  const stop = (why: string): never => {
    throw new Stop(why)
  }
  const addText = (piece: string) => {
    const inner = open.at(-1)
    if (inner !== undefined) inner.text += piece
  }
  parser.on('error', (error) =>
    stop(`not well-formed: ${error.message.replace(/^\d+:\d+: /, '').slice(0, 120)}`),
  )
  parser.on('doctype', () => stop('a document type definition is refused'))
  parser.on('opentag', ({ name, attributes }) => {
    elements += 1
    if (elements > mostElements) stop(`more than ${mostElements} elements`)
    if (open.length >= deepest) stop(`nested deeper than ${deepest}`)
    open.push({ name, attributes: new Map(Object.entries(attributes)), text: '' })
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const closed = open.pop()
    if (closed !== undefined) seen.end(closed.name, closed.attributes, closed.text)
  })
  parser.write(text).close()
}
