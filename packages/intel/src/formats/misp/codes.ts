/** What each code of a MISP event's diagnostics means; the reference page is made from it. */
export const mispCodes = {
  MSP001: 'The body is not JSON in UTF-8.',
  MSP002: 'The JSON holds no MISP event.',
  MSP003: 'No attribute is meant for detection and can be looked for on an endpoint.',
  MSP004: 'Attributes of these types cannot be looked for; they were left out.',
  MSP005: 'A value does not have the form of its type; the attribute was left out.',
  MSP006: 'The document is too large: attributes or events.',
} as const

export type MispCode = keyof typeof mispCodes
