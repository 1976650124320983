/** What each code of a CybOX document's diagnostics means, inside STIX 1 too; the reference page is made from it. */
export const cyboxCodes = {
  CBX001: 'The root is not one of CybOX 2.',
  CBX002: 'No observable is left that could match.',
  CBX003: 'A field has no condition; it is read as Equals.',
  CBX004: 'A field was refused; the others live.',
  CBX005: 'A field shows on no endpoint.',
  CBX006: 'A condition is not spelled as in CybOX.',
  CBX007: 'A value of a list was left out.',
  CBX008: 'A reference leads out of the document.',
  CBX009: 'A reference leads to itself.',
  CBX010: 'References repeat or nest too much.',
  CBX011: 'A field that has one value stands twice; either will do.',
  CBX012: "An object is of no type, or of none of CybOX's.",
  CBX013: 'A relation shows on no endpoint; the object matches without it.',
  CBX014: 'A composition has no operator, or an unknown one.',
  CBX015: 'An action is not recorded; its objects are looked for without it.',
  CBX016: 'A related object has no condition; the object matches without it.',
} as const

export type CyboxCode = keyof typeof cyboxCodes
