const deepest = 64

type Scanned =
  | { readonly kind: 'whole' | 'open'; readonly at: number }
  | { readonly kind: 'broken'; readonly at: number; readonly why: string }

/** Finds the end of an object whose text comes in chunks, and notices soon where it is broken. */
export class ObjectScan {
  private open: ('{' | '[')[] = []
  private isText = false
  private isEscaped = false
  /** The last unit that was no blank. */
  private last = ''
  private scanned = 0

  begin(): void {
    this.open = []
    this.isText = false
    this.isEscaped = false
    this.last = ''
    this.scanned = 0
  }

  /** The text from `from` on is the same as before, and longer. */
  scan(text: string, from: number): Scanned {
    for (let at = from + this.scanned; at < text.length; at += 1) {
      const unit = text[at] ?? ''
      const why = this.isText ? this.takeText(unit) : this.take(unit)
      if (why !== undefined) return { kind: 'broken', at, why }
      if (this.open.length === 0) return { kind: 'whole', at: at + 1 }
    }
    this.scanned = text.length - from
    return { kind: 'open', at: text.length }
  }

  private takeText(unit: string): string | undefined {
    if (unit === '\n') return 'a line ends within a text'
    if (this.isEscaped) this.isEscaped = false
    else if (unit === '\\') this.isEscaped = true
    else if (unit === '"') this.isText = false
    return undefined
  }

  private take(unit: string): string | undefined {
    if (unit <= ' ') return undefined
    const before = this.last
    this.last = unit
    switch (unit) {
      case '"':
        this.isText = true
        return undefined
      case '{':
      case '[': {
        const isPlaced = before === ':' || before === '[' || (before === ',' && this.open.at(-1) === '[')
        if (this.open.length > 0 && !isPlaced) return 'the object does not end'
        this.open.push(unit)
        return this.open.length > deepest ? `nested deeper than ${deepest}` : undefined
      }
      case '}':
      case ']':
        return this.open.pop() === (unit === '}' ? '{' : '[') ? undefined : 'brackets do not match'
      default:
        return undefined
    }
  }
}
