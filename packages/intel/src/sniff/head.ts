const longest = 65_536

/** The beginning of a body as text without byte order mark and leading blanks; for sniffing only. */
export function headOf(bytes: Uint8Array): string {
  const start = bytes.subarray(0, longest)
  return new TextDecoder(encodingOf(start)).decode(start).replace(/^[\ufeff\s]+/, '')
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return 'utf-8'
}
