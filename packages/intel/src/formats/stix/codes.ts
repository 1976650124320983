/** What each code of a STIX 1 document's diagnostics means; the reference page is made from it. */
export const stixCodes = {
  STX001: 'The root is not a STIX 1 package.',
  STX002: 'No indicator or observable is left that could match.',
  STX003: 'There is no indicator; the observables are taken for one.',
  STX004: 'Observables that no indicator uses are not looked for.',
  STX005: 'The time in which an indicator is valid is not part of the condition.',
  STX006: 'A test mechanism is not evaluable.',
  STX007: 'A YARA test mechanism holds no rule that stands for itself.',
  STX008: 'A YARA rule inside the document is not checked before it runs.',
} as const

export type StixCode = keyof typeof stixCodes
