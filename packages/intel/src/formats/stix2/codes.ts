/** What each code of a STIX 2 document's diagnostics means. */
export const stix2Codes = {
  ST2001: 'The body is not JSON, or not UTF-8.',
  ST2002: 'The JSON holds no indicator with a STIX pattern.',
  ST2003: 'An indicator was left out: revoked, expired form or another pattern language.',
  ST2004: 'A pattern cannot be read; its indicator was left out.',
  ST2005: 'Nothing of the document can match.',
  ST2006: 'A value does not fit its property and can never match.',
  ST2008: 'The document is too large: indicators or depth.',
  ST2010: 'Something else was expected here in a pattern.',
  ST2011: 'A pattern is too long or too deep.',
  ST2012: 'A set, number or qualifier has a value that the language does not allow.',
  ST2013: 'A hash does not have the form of its kind.',
  ST2014: 'A qualifier stands twice behind one observation.',
} as const
