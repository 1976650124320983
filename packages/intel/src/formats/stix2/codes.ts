/** What each code of a STIX 2 document's diagnostics means. */
export const stix2Codes = {
  ST2001: 'The body is not JSON, or not UTF-8.',
  ST2002: 'The JSON holds no indicator whose pattern can be read.',
  ST2003: 'An indicator was left out: revoked, without a pattern, or in a language that no endpoint reads.',
  ST2004: 'A pattern cannot be read; its indicator was left out.',
  ST2005: 'Nothing of the document can match.',
  ST2006: 'A value does not fit its property and can never match.',
  ST2007: 'A pattern in another language was refused, or its reader warns of it.',
  ST2008: 'The document is too large: it has too many indicators, or its patterns too many parts.',
  ST2009: 'A property shows on no endpoint.',
  ST2010: 'Something else was expected here in a pattern.',
  ST2011: 'A pattern is too long or too deep.',
  ST2012: 'A set, number or qualifier has a value that the language does not allow.',
  ST2013: 'A hash does not have the form of its kind.',
  ST2014: 'A qualifier stands twice behind one observation.',
} as const
