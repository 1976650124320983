/** What each code of a STIX 1 document's diagnostics means; the reference page is made from it. */
export const stixCodes = {
  STX001: 'The root is not a STIX 1 package.',
  STX002: 'No indicator or observable is left that could match.',
  STX003: 'There is no indicator; the observables are taken for one.',
  STX004: 'Observables that no indicator uses are not looked for.',
  STX005: 'The time in which an indicator is valid cannot be read; it counts at any time.',
  STX006: 'A test mechanism is in a language that no endpoint reads.',
  STX007: 'A YARA test mechanism was left out: its rules cannot run.',
  STX008: 'YARA-X warns about the rules of a test mechanism.',
} as const

export type StixCode = keyof typeof stixCodes
