/**
 * Makes recorded text storable: a NUL becomes a blank and a lone surrogate U+FFFD.
 * Whoever needs the original keeps it as bytes beside it.
 */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', ' ').toWellFormed()
}
