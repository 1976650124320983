import { ipv6Text } from '../address.ts'
import { bytesOfHex } from './record-text.ts'

/** struct sockaddr_in or sockaddr_in6 in hexadecimal; nothing for other families. */
export function socketAddress(hex: string): { readonly address: string; readonly port: number } | undefined {
  const bytes = bytesOfHex(hex)
  if (bytes.length < 8) return undefined
  const family = (bytes[0] ?? 0) + (bytes[1] ?? 0) * 256
  const port = (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0)
  if (family === 2) return { address: bytes.subarray(4, 8).join('.'), port }
  if (family !== 10 || bytes.length < 24) return undefined
  return { address: ipv6Text(bytes.subarray(8, 24)), port }
}
