/** What each code of the checks means; they hold for every format. The reference page is made from it. */
export const checkCodes = {
  CHK001: 'An empty value matches everything.',
  CHK002: 'The condition matches everything.',
  CHK003: 'The condition only says what is not there.',
  CHK004: 'The condition can be evaluated nowhere.',
  CHK005: 'The condition contradicts itself and can never match.',
  CHK006: 'The value does not fit the property and can never match.',
  CHK007: 'A value is known to be good.',
  CHK008: 'Another document matches the same.',
  CHK009: 'Everything that one document matches, another matches too.',
  CHK010: 'The condition is evaluated on every event of a frequent kind.',
} as const

export type CheckCode = keyof typeof checkCodes
