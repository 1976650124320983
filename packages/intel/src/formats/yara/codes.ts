/** What each code of a YARA document's diagnostics means; the reference page is made from it. */
export const yaraCodes = {
  YAR001: 'The text is not UTF-8; it was read as Windows-1252.',
  YAR002: 'The text holds no rule.',
  YAR003: 'YARA-X refuses the text.',
  YAR004: 'YARA-X warns about the text.',
  YAR005: 'The text includes a file.',
  YAR006: 'Only libyara can run the text.',
  YAR007: 'A rule is always true.',
  YAR008: 'Every rule is private, so none can match.',
  YAR009: 'The text is larger than 16 MiB.',
  YAR010: 'A string is too short or too common to be searched for quickly.',
  YAR011: 'A string cannot be searched for at all.',
  YAR012: 'A rule has no strings, so it is evaluated on every file.',
} as const

export type YaraCode = keyof typeof yaraCodes
