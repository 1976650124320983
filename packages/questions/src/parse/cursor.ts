import type { Span } from '@tocsin/model'
import { stopWord } from '../words.ts'
import { type QuestionCode, QuestionFault } from './fault.ts'

/** Walks through the text of a question. */
export class Cursor {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
    this.skipBlanks()
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  get rest(): string {
    return this.text.slice(this.at)
  }

  /** Takes what the pattern finds here, and the blanks behind it. */
  take(pattern: RegExp): string | undefined {
    const [found] = pattern.exec(this.rest) ?? []
    if (found === undefined) return undefined
    this.at += found.length
    this.skipBlanks()
    return found
  }

  takeWord(word: string): boolean {
    return this.take(new RegExp(`^${word}(?![^\\s,()\\[\\]"])`, 'i')) !== undefined
  }

  takeMark(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false
    this.at += mark.length
    this.skipBlanks()
    return true
  }

  // quoted := '"' { any but '"' | '""' } '"'
  takeQuoted(): string | undefined {
    if (this.text[this.at] !== '"') return undefined
    const from = this.at
    const [whole] = /^"(?:[^"]|"")*"/.exec(this.rest) ?? []
    if (whole === undefined) throw this.fault('QST002', 'the quotes are not closed', from)
    this.at += whole.length
    this.skipBlanks()
    return whole.slice(1, -1).replaceAll('""', '"')
  }

  /** Takes words up to a mark or a word at which they end, as they are written. */
  takeRun(isEnd: (rest: string) => boolean): string {
    const from = this.at
    let to = from
    while (!this.isAtEnd && !isEnd(this.rest)) {
      const length = /^[^\s,()[\]"]+|^[^\s]/.exec(this.rest)?.[0].length ?? 1
      this.at += length
      to = this.at
      this.skipBlanks()
    }
    return this.text.slice(from, to)
  }

  // value := quoted | words up to 'and', 'or', 'from', 'with', 'having', ',' or ')'
  takeValue(): string {
    const isEnd = (rest: string) => /^[,)]/.test(rest) || stopWord.test(rest)
    const from = this.at
    const value = this.takeQuoted() ?? this.takeRun(isEnd)
    if (value === '' && this.text[from] !== '"')
      throw this.fault('QST002', 'a value is missing here', from, 'Put a word of the language into quotes.')
    return value
  }

  fault(code: QuestionCode, message: string, from = this.at, hint?: string): QuestionFault {
    return new QuestionFault(code, message, {
      span: this.span(from),
      ...(hint === undefined ? {} : { hint }),
    })
  }

  private span(from: number): Span {
    const before = this.text.slice(0, from).split('\n')
    const to = Math.max(this.at, from)
    return { from, to, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }

  private skipBlanks(): void {
    this.at += /^\s*/.exec(this.rest)?.[0].length ?? 0
  }
}
