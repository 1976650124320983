import { readNetwork } from '../../networks.ts'

/** The networks that hold just the addresses from low to high; nothing if these are no two addresses of one kind. */
export function networksBetween(
  low: string,
  high: string,
  isInclusive: boolean,
): readonly string[] | undefined {
  const from = readNetwork(low)
  const to = readNetwork(high)
  if (from === undefined || to === undefined || from.version !== to.version) return undefined
  if (from.isRange || to.isRange) return undefined
  const edge = isInclusive ? 0n : 1n
  const [least, greatest] = inOrder(numberOf(from.bytes), numberOf(to.bytes))
  return split(least + edge, greatest - edge, from.bytes.length)
}

/** The largest aligned blocks, one after the other: at most two for each bit of an address. */
function split(low: bigint, high: bigint, length: number): readonly string[] {
  const networks: string[] = []
  let at = low
  while (at <= high) {
    let bits = 0n
    while (bits < length * 8 && (at >> bits) % 2n === 0n && at + (1n << (bits + 1n)) - 1n <= high) bits += 1n
    networks.push(textOf(at, length, length * 8 - Number(bits)))
    at += 1n << bits
  }
  return networks
}

function textOf(address: bigint, length: number, prefix: number): string {
  const bytes = Array.from({ length }, (_, at) => Number((address >> BigInt(8 * (length - 1 - at))) & 0xffn))
  if (length === 4) return `${bytes.join('.')}/${prefix}`
  const words = Array.from({ length: 8 }, (_, at) =>
    ((bytes[at * 2] ?? 0) * 256 + (bytes[at * 2 + 1] ?? 0)).toString(16),
  )
  const text = `${words.join(':')}/${prefix}`
  return readNetwork(text)?.text ?? text
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n)
}

function inOrder(one: bigint, other: bigint): readonly [bigint, bigint] {
  return one <= other ? [one, other] : [other, one]
}
