/** What each code of a signal's diagnostics means; the reference page is made from it. */
export const signalCodes = {
  SIG001: 'The signal is empty.',
  SIG002: 'The signal is too large: text, terms or depth.',
  SIG003: 'A quote is not closed.',
  SIG004: 'No such property.',
  SIG005: 'No such condition word.',
  SIG006: 'The condition does not fit the property.',
  SIG007: 'A value is missing or empty.',
  SIG008: 'The value does not fit the property.',
  SIG009: 'Something else was expected here.',
  SIG010: 'NOT stands in the wrong place.',
  SIG011: 'A group stands inside a group.',
  SIG012: 'A group speaks of two kinds of events.',
  SIG013: 'The regular expression is not RE2 syntax.',
  SIG014: 'A negated event term stands outside a group.',
  SIG015: 'A group holds only process terms.',
  SIG016: 'A character that cannot be stored.',
  SIG020: 'The body is not JSON, or not UTF-8.',
  SIG021: 'The JSON holds no signal.',
  SIG022: 'The exchange file holds several signals.',
  SIG023: 'The name or the description is too long.',
  SIG024: 'An unknown platform.',
  SIG025: 'A technique without a valid id.',
} as const

export type SignalCode = keyof typeof signalCodes
