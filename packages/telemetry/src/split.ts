import { ObjectScan } from './object-scan.ts'

/** One record as text, with the line that it begins in, from 1. */
export type Piece =
  | { readonly kind: 'json' | 'xml' | 'line'; readonly text: string; readonly line: number }
  | { readonly kind: 'fault'; readonly why: string; readonly line: number }

/** No record is longer; what is, is passed over. */
export const longestRecord = 1 << 20

/** Where the record that is being read stands. */
type State = 'between' | 'object' | 'skipped line'

/**
 * Cuts text that comes in chunks into records: JSON objects, one a line, over several lines, one behind the other or in
 * arrays; `<Event>` elements; and lines. What is broken costs its own record.
 */
export class Splitter {
  private buffer = ''
  private line = 1
  private state: State = 'between'
  private readonly json = new ObjectScan()

  push(text: string): readonly Piece[] {
    this.buffer += text
    return this.pieces(false)
  }

  end(): readonly Piece[] {
    return this.pieces(true)
  }

  private pieces(isEnd: boolean): readonly Piece[] {
    const pieces: Piece[] = []
    let at = 0
    for (;;) {
      const step = this.step(at, isEnd, pieces)
      if (step === undefined) break
      at = step
    }
    this.buffer = this.buffer.slice(at)
    return pieces
  }

  /** Where to go on; nothing where more text is needed. */
  private step(from: number, isEnd: boolean, pieces: Piece[]): number | undefined {
    if (this.state === 'skipped line') return this.skipLine(from, isEnd)
    if (this.state === 'object') return this.scanObject(from, isEnd, pieces)
    const at = this.skipBetween(from)
    if (at > from) return at
    if (at >= this.buffer.length) return undefined
    const unit = this.buffer[at]
    if (unit === '{') return this.object(at, isEnd, pieces)
    // A syslog line may begin with its priority.
    if (unit === '<' && !/^<\d{0,3}(?:>|$)/.test(this.buffer.slice(at, at + 5)))
      return this.element(at, isEnd, pieces)
    return this.wholeLine(at, isEnd, pieces)
  }

  /** Blanks, and what stands between the objects of an array. */
  private skipBetween(from: number): number {
    let at = from
    for (; at < this.buffer.length; at += 1) {
      const unit = this.buffer.charCodeAt(at)
      if (unit === 0x0a) this.line += 1
      const isBetween = unit <= 0x20 || unit === 0x2c || unit === 0x5b || unit === 0x5d || unit === 0xfeff
      if (!isBetween) break
    }
    return at
  }

  /** Most files have one object a line, which needs no scan. */
  private object(at: number, isEnd: boolean, pieces: Piece[]): number | undefined {
    const close = this.buffer.indexOf('\n', at)
    if (close < 0 && !isEnd && this.buffer.length - at <= longestRecord) return undefined
    const end = close < 0 ? this.buffer.length : close
    const text = this.buffer.slice(at, end).trimEnd()
    if (text.endsWith('}') && text.length <= longestRecord && isBalanced(text)) {
      pieces.push({ kind: 'json', text, line: this.line })
      return end
    }
    this.json.begin()
    this.state = 'object'
    return this.scanObject(at, isEnd, pieces)
  }

  private scanObject(from: number, isEnd: boolean, pieces: Piece[]): number | undefined {
    const outcome = this.json.scan(this.buffer, from)
    const end = outcome.at
    if (outcome.kind === 'open' && !isEnd) {
      if (end - from <= longestRecord) return undefined
      return this.abandon(from, end, `longer than ${longestRecord} characters`, pieces)
    }
    if (outcome.kind === 'open') return this.abandon(from, end, 'the object does not end', pieces)
    if (outcome.kind === 'broken') return this.abandon(from, end, outcome.why, pieces)
    this.state = 'between'
    if (end - from > longestRecord)
      pieces.push({ kind: 'fault', why: `longer than ${longestRecord} characters`, line: this.line })
    else pieces.push({ kind: 'json', text: this.buffer.slice(from, end), line: this.line })
    this.count(from, end)
    return end
  }

  /** Goes on at the place where the fault showed, or behind it at the next line. */
  private abandon(from: number, at: number, why: string, pieces: Piece[]): number {
    pieces.push({ kind: 'fault', why, line: this.line })
    this.count(from, at)
    this.state = this.buffer[at] === '{' ? 'between' : 'skipped line'
    return at
  }

  private element(at: number, isEnd: boolean, pieces: Piece[]): number | undefined {
    const head = this.buffer.slice(at, at + 9)
    if (head.length < 9 && !isEnd) return undefined
    const isEvent = /^<Event[\s>/]/.test(head)
    const isComment = head.startsWith('<!--')
    const closer = isEvent ? '</Event>' : isComment ? '-->' : head.startsWith('<?') ? '?>' : '>'
    const close = this.buffer.indexOf(closer, at)
    if (close < 0 && !isEnd && this.buffer.length - at <= longestRecord) return undefined
    if (close < 0 || close - at > longestRecord) {
      const why = close < 0 && isEnd ? 'the element does not end' : `longer than ${longestRecord} characters`
      if (close < 0) return this.abandon(at, at + 1, why, pieces)
      pieces.push({ kind: 'fault', why, line: this.line })
    } else if (isEvent)
      pieces.push({ kind: 'xml', text: this.buffer.slice(at, close + closer.length), line: this.line })
    else if (head.startsWith('<!DOCTYPE'))
      pieces.push({ kind: 'fault', why: 'a document type definition is refused', line: this.line })
    const end = close + closer.length
    this.count(at, end)
    return end
  }

  private wholeLine(at: number, isEnd: boolean, pieces: Piece[]): number | undefined {
    const close = this.buffer.indexOf('\n', at)
    if (close < 0 && !isEnd && this.buffer.length - at <= longestRecord) return undefined
    const end = close < 0 ? this.buffer.length : close
    if (end - at > longestRecord)
      return this.abandon(at, end, `longer than ${longestRecord} characters`, pieces)
    pieces.push({ kind: 'line', text: this.buffer.slice(at, end), line: this.line })
    return end
  }

  private skipLine(from: number, isEnd: boolean): number | undefined {
    const close = this.buffer.indexOf('\n', from)
    if (close >= 0 || isEnd) this.state = 'between'
    const end = close >= 0 ? close : this.buffer.length
    return end > from || this.state === 'between' ? end : undefined
  }

  private count(from: number, to: number): void {
    for (let at = this.buffer.indexOf('\n', from); at >= 0 && at < to; at = this.buffer.indexOf('\n', at + 1))
      this.line += 1
  }
}

/** Brackets in texts count too: where they deceive, the scan finds the truth. */
function isBalanced(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === 0x7b) depth += 1
    // Closed before the end: another object may follow.
    else if (unit === 0x7d && --depth === 0 && at < text.length - 1) return false
  }
  return depth === 0
}
