/** What each code of a list's diagnostics means; the reference page is made from it. */
export const listCodes = {
  LST001: 'A line holds no hash, address, network, domain or URL; the message says what it seems to be.',
  LST002: 'The list has no value to look for.',
  LST003: 'The list has more than a million values.',
  LST004: 'The list has so many URLs that the later ones are watched by their hosts only.',
} as const

export type ListCode = keyof typeof listCodes
