import { type Field, known, storableText } from '@tocsin/model'
import { Generations } from './generations.ts'

const mostKept = 4_096

/** Fields of texts that come again and again, such as paths and users: the same field each time. */
export class KnownTexts {
  private readonly fields = new Generations<string, Field>(mostKept)
  private readonly textOf: (text: string) => string

  /** `textOf`: what the field holds of a text. */
  constructor(textOf: (text: string) => string = (text) => text) {
    this.textOf = textOf
  }

  of(text: string): Field {
    const kept = this.fields.get(text)
    if (kept !== undefined) return kept
    const field = known(storableText(this.textOf(text)))
    this.fields.set(text, field)
    return field
  }
}
