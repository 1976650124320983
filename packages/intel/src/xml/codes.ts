/** What each code about XML means, whatever is written in it; the reference page is made from it. */
export const xmlCodes = {
  XML001: 'The document is empty or has no element.',
  XML002: 'The document is larger than 64 MiB.',
  XML003: 'The encoding is not read.',
  XML004: 'The bytes are not in the encoding they should be in.',
  XML005: 'The declaration names another encoding than the bytes show.',
  XML006: 'The text is not well-formed.',
  XML007: 'The text has a document type definition.',
  XML008: 'Elements nest too deep.',
  XML009: 'There are too many elements.',
  XML010: 'An element has too many attributes.',
  XML011: 'An entity is used that XML itself does not define.',
  XML012: 'There are more remarks than are shown.',
} as const

export type XmlCode = keyof typeof xmlCodes
