/** Numbers for texts, so that each is written once. */
export interface Strings {
  idOf(text: string): number
  /** A number was written as a value: what is indexed wants to know. */
  sawNumber(value: number): void
}

/** The texts of one block that stands alone. */
export class BlockStrings implements Strings {
  private readonly ids = new Map<string, number>()
  texts: string[] = []

  idOf(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    const id = this.texts.length
    this.ids.set(text, id)
    this.texts.push(text)
    return id
  }

  sawNumber(): void {
    // a block that stands alone has no index
  }

  clear(): void {
    this.ids.clear()
    this.texts = []
  }
}
