/** UTF-16 by its mark, or by the NULs that it has between ASCII; everything else is read as UTF-8. */
export function textDecoderFor(head: Uint8Array): TextDecoder {
  const [first, second, third, fourth] = head
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le')
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be')
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return new TextDecoder('utf-16le')
  return new TextDecoder('utf-8')
}
