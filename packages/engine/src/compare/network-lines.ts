import type { LineSet } from './line-set.ts'
import { networkOf } from './network.ts'

/** Networks of a blob, one a line; an address or network is in it if one of them holds it. */
export class NetworkLines implements LineSet {
  private readonly bases = new Map<string, Set<bigint>>()
  private readonly lengths: { readonly bits: number; readonly prefix: number }[] = []

  constructor(bytes: Uint8Array) {
    for (const line of new TextDecoder().decode(bytes).split('\n')) {
      const network = networkOf(line)
      if (network === undefined) continue
      const { bits, prefix, value } = network
      const known = this.bases.get(`${bits}/${prefix}`)
      if (known === undefined) this.lengths.push({ bits, prefix })
      const base = value >> BigInt(bits - prefix)
      this.bases.set(`${bits}/${prefix}`, (known ?? new Set()).add(base))
    }
  }

  has(text: string): boolean {
    const seen = networkOf(text)
    if (seen === undefined) return false
    return this.lengths.some(
      ({ bits, prefix }) =>
        bits === seen.bits &&
        prefix <= seen.prefix &&
        this.bases.get(`${bits}/${prefix}`)?.has(seen.value >> BigInt(bits - prefix)) === true,
    )
  }
}
