/** What each code of a Sigma rule's diagnostics means; the reference page is made from it. */
export const sigmaCodes = {
  SGM001: 'The body is too large, or not UTF-8.',
  SGM002: 'The body is not YAML.',
  SGM003: 'The YAML uses aliases, tags or more depth and documents than rules need.',
  SGM004: 'A part that every rule has is missing or of the wrong form.',
  SGM005: 'Correlations and filters are not evaluable; the document is refused.',
  SGM006: 'The condition cannot be read.',
  SGM007: 'The condition names a search that is not there.',
  SGM008: 'No such modifier.',
  SGM009: 'The modifiers fit neither each other nor the value.',
  SGM010: 'The regular expression is not RE2 syntax.',
  SGM011: 'A modifier has no meaning on endpoints: placeholders, parts of times; the rule is refused.',
  SGM012: 'The value does not fit the field and can never match.',
  SGM013: 'No endpoint records the field.',
  SGM014: 'No endpoint records the log source.',
  SGM015: 'The condition does not use a search.',
  SGM016: 'Keywords are searched in the main properties of an event.',
  SGM017: 'A key stands twice.',
  SGM018: 'The rule is too large once its searches stand where the condition names them.',
  SGM019: 'Aggregations and time frames are not evaluable.',
} as const

export type SigmaCode = keyof typeof sigmaCodes
