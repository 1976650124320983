/** What each code of the reading itself means; the formats' own codes stand with the formats. */
export const readingCodes = {
  INT001: 'The body is empty.',
  INT002: 'The body is too large.',
  INT003: 'Nobody can tell what the body is.',
  INT004: 'This kind of document is not read.',
  INT005: 'The body is not what its name or header says.',
  INT006: 'The JSON has too many values, or nests too deep.',
  INT007: 'The condition is larger than what endpoints take.',
} as const

export type ReadingCode = keyof typeof readingCodes
