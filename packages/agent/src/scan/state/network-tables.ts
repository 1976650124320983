import { ipv6Text } from '@tocsin/telemetry/address.ts'
import type { Look } from './look.ts'

const largest = 32 << 20

/** The lines of a table of this network namespace, without its head, each by its columns. */
export async function tableOf(look: Look, name: string): Promise<readonly (readonly string[])[]> {
  const file = await look.proc(`self/net/${name}`, largest)
  const lines = file?.bytes.toString('latin1').split('\n') ?? []
  return lines.map((line) => line.trim().split(/\s+/)).filter(([first]) => first !== '')
}

/** An address as the kernel writes it: words of four bytes in the machine's order. */
export function addressOfWords(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.subarray(at, at + 4).reverse()
  return addressOf(bytes)
}

export function addressOf(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : ipv6Text(bytes)
}
