/** So many bytes tell the type of a file. */
export const headLength = 512

interface Signature {
  readonly at?: number
  readonly bytes: string
  readonly type: string
}

/** Names as scanners with YARA rules in circulation use them; the first that fits counts. */
const signatures: readonly Signature[] = [
  { bytes: '4d5a', type: 'EXE' },
  { bytes: '7f454c46', type: 'ELF' },
  ...['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe'].map((bytes) => ({ bytes, type: 'MACHO' })),
  { bytes: '25504446', type: 'PDF' },
  { bytes: 'd0cf11e0a1b11ae1', type: 'OLE' },
  { bytes: '7b5c727466', type: 'RTF' },
  { bytes: '504b030414000600', type: 'OFFICE' },
  ...['504b0304', '504b0506', '504b0708'].map((bytes) => ({ bytes, type: 'ZIP' })),
  { bytes: '526172211a07', type: 'RAR' },
  { bytes: '377abcaf271c', type: '7ZIP' },
  { bytes: '1f8b', type: 'GZIP' },
  { bytes: '425a68', type: 'BZIP2' },
  { bytes: 'fd377a585a00', type: 'XZ' },
  { bytes: '28b52ffd', type: 'ZSTD' },
  { bytes: '4d534346', type: 'CAB' },
  { bytes: '7573746172', at: 257, type: 'TAR' },
  { bytes: '4c0000000114020000000000c000000000000046', type: 'LNK' },
  { bytes: '89504e470d0a1a0a', type: 'PNG' },
  { bytes: '47494638', type: 'GIF' },
  { bytes: 'ffd8ff', type: 'JPEG' },
  ...['435753', '465753', '5a5753'].map((bytes) => ({ bytes, type: 'SWF' })),
  { bytes: '4d444d50', type: 'MDMP' },
  { bytes: '456c6646696c6500', type: 'EVTX' },
  { bytes: '72656766', type: 'REGISTRY HIVE' },
  { bytes: '6465780a', type: 'DEX' },
  { bytes: '0061736d', type: 'WASM' },
  ...['d4c3b2a1', 'a1b2c3d4'].map((bytes) => ({ bytes, type: 'LIBPCAP' })),
  { bytes: '23212f', type: 'UNIX SCRIPT' },
  { bytes: '2321', type: 'SCRIPT' },
  { bytes: '3c3f706870', type: 'PHP' },
  { bytes: '3c3f786d6c', type: 'XML' },
  { bytes: '3c25', type: 'JSP' },
]

/** What the first bytes of a file show; empty where they show nothing known. */
export function fileTypeOf(head: Uint8Array): string {
  const hex = Buffer.from(head.subarray(0, headLength)).toString('hex')
  if (hex.startsWith('cafebabe')) return classOrFat(head)
  return signatures.find(({ bytes, at = 0 }) => hex.startsWith(bytes, at * 2))?.type ?? ''
}

/** Java's classes and Apple's files for several processors begin alike: a class has a version, the other a small count. */
function classOrFat(head: Uint8Array): string {
  const oldestClass = 45
  const number = (head[6] ?? 0) * 256 + (head[7] ?? 0)
  return number < oldestClass ? 'MACHO' : 'CLASS'
}
