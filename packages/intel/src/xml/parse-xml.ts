import type { Diagnostic } from '@tocsin/model'
import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { XmlCode } from './codes.ts'
import { decodeXml } from './decode.ts'
import { lineTable } from './line-table.ts'
import type { QualifiedName, XmlAttribute, XmlDocument, XmlElement } from './tree.ts'

// Limit: XML nests at most 200 levels, with at most 2,000,000 elements and 1,000 attributes of one.
export const deepestNesting = 200
export const mostElements = 2_000_000
export const mostAttributes = 1_000

/** `document` is missing if and only if a diagnostic is an error. */
export interface ParsedXml {
  readonly document?: XmlDocument
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a body as namespace-aware XML without DTD. Stops at the first fault; never throws. */
export function parseXml(bytes: Uint8Array): ParsedXml {
  const { text, diagnostics } = decodeXml(bytes)
  if (text === undefined) return { diagnostics }
  const outcome = parse(text)
  if (outcome.kind === 'root') {
    return { document: { root: outcome.root, text, spanOf: lineTable(text) }, diagnostics }
  }
  const { from, code, message, hint } = outcome
  const span = lineTable(text)({ from, to: Math.min(from + 1, text.length) })
  const fault: Diagnostic = { code, severity: 'error', message, span }
  return { diagnostics: [...diagnostics, hint === undefined ? fault : { ...fault, hint }] }
}

interface Fault {
  readonly kind: 'fault'
  readonly code: XmlCode
  readonly message: string
  readonly from: number
  readonly hint?: string
}
type Outcome = Fault | { readonly kind: 'root'; readonly root: XmlElement }

/** Leaves the parser at a fault: saxes itself would go on. */
class Stop extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

type Growing = { -readonly [Key in keyof XmlElement]: XmlElement[Key] } & { children: XmlElement[] }

/** Shared by all elements that have none: most have no children, and documents are large. Never changed. */
const noChildren: XmlElement[] = []
const noAttributes: readonly XmlAttribute[] = []
const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'

function parse(text: string): Outcome {
  try {
    const root = grow(text)
    return root ?? { kind: 'fault', code: 'XML001', message: 'the document has no element', from: 0 }
  } catch (error) {
    if (error instanceof Stop) return error.fault
    throw error
  }
}

function grow(text: string): Outcome | undefined {
  const parser = new SaxesParser({ xmlns: true, position: true })
  const open: Growing[] = []
  let root: XmlElement | undefined
  let elements = 0
  let attributes = 0
  const stop = (code: XmlCode, message: string, from: number, hint?: string): never => {
    throw new Stop({ kind: 'fault', code, message, from, ...(hint === undefined ? {} : { hint }) })
  }
  const tagStart = () => Math.max(0, text.lastIndexOf('<', parser.position - 1))
  const addText = (piece: string) => {
    const inner = open.at(-1)
    if (inner !== undefined) inner.text += piece
  }
  parser.on('error', (error) => stop(...illFormed(error, Math.min(parser.position, text.length) - 1)))
  parser.on('doctype', () =>
    stop('XML007', 'a document type definition is refused', text.lastIndexOf('<!DOCTYPE', parser.position)),
  )
  parser.on('opentagstart', () => {
    elements += 1
    attributes = 0
    if (open.length >= deepestNesting) stop('XML008', `nested deeper than ${deepestNesting}`, tagStart())
    if (elements > mostElements) stop('XML009', `more than ${mostElements} elements`, tagStart())
    open.push(newElement(tagStart()))
  })
  parser.on('attribute', () => {
    attributes += 1
    if (attributes > mostAttributes) stop('XML010', `more than ${mostAttributes} attributes`, parser.position)
  })
  parser.on('opentag', (tag) => {
    const element = open.at(-1)
    if (element !== undefined) name(element, tag, (prefix) => parser.resolve(prefix))
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const closed = open.pop()
    if (closed === undefined) return
    closed.to = parser.position
    if (closed.children.length > 0 && closed.text.trim() === '') closed.text = ''
    const outer = open.at(-1)
    if (outer === undefined) root = closed
    else addChild(outer, closed)
  })
  parser.write(text).close()
  return root === undefined ? undefined : { kind: 'root', root }
}

function newElement(from: number): Growing {
  return {
    namespace: '',
    local: '',
    attributes: noAttributes,
    type: null,
    children: noChildren,
    text: '',
    from,
    to: from,
  }
}

function addChild(outer: Growing, child: XmlElement): void {
  if (outer.children.length === 0) outer.children = [child]
  else outer.children.push(child)
}

function name(element: Growing, tag: SaxesTagNS, resolve: (prefix: string) => string | undefined): void {
  element.namespace = tag.uri
  element.local = tag.local
  const attributes: XmlAttribute[] = []
  for (const key in tag.attributes) {
    const attribute = tag.attributes[key]
    if (attribute === undefined) continue
    const { uri, local, prefix, value } = attribute
    if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) continue
    if (uri === schemaInstance && local === 'type') element.type = qualified(value, resolve)
    attributes.push({ namespace: uri, local, value })
  }
  if (attributes.length > 0) element.attributes = attributes
}

function qualified(value: string, resolve: (prefix: string) => string | undefined): QualifiedName {
  const word = value.trim()
  const colon = word.indexOf(':')
  const namespace = resolve(colon === -1 ? '' : word.slice(0, colon)) ?? ''
  return { namespace, local: word.slice(colon + 1) }
}

type StopArguments = [code: XmlCode, message: string, from: number, hint?: string]

/** Saxes starts its messages with line and column; the diagnostic says them itself. */
function illFormed(error: Error, from: number): StopArguments {
  const message = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')
  const at = Math.max(0, from)
  if (message.includes('undefined entity')) {
    return ['XML011', message, at, 'only &amp; &lt; &gt; &quot; &apos; and numeric references are read']
  }
  return ['XML006', `not well-formed: ${message}`, at]
}
