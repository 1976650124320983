import { type Reading, RelatedIndex, relationRemark } from '@tocsin/intel'

interface Checked {
  readonly file: string
  readonly reading: Reading
}

/** So many relations are told of one document. */
const mostTold = 10

/** Adds what the documents make of each other: which match the same, and which match what another matches anyway. */
export function withRelations<Each extends Checked>(checked: readonly Each[]): readonly Each[] {
  const index = new RelatedIndex<number>()
  for (const [number, { reading }] of checked.entries()) {
    if (reading.document !== undefined) index.add(number, reading.document)
  }
  return checked.map((each, number) => {
    const { document } = each.reading
    if (document === undefined) return each
    const remarks = index
      .relatedTo(document, number)
      .slice(0, mostTold)
      .flatMap(({ id, relation }) => {
        const other = checked[id]
        if (other?.reading.document === undefined) return []
        return [relationRemark(document, relation, { called: other.file, document: other.reading.document })]
      })
    return { ...each, reading: { ...each.reading, diagnostics: [...each.reading.diagnostics, ...remarks] } }
  })
}
