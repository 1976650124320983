import { fold } from '@tocsin/model'
import { type Network, networkHolds, readNetwork } from '../networks.ts'

/** A network that every reader takes for the same; IPv4 inside IPv6 and zones are left out. */
export function plainNetwork(text: string): Network | undefined {
  if (text !== text.trim()) return undefined
  const network = readNetwork(text)
  if (network === undefined || network.version === 4) return network
  const isMapped = network.bytes.slice(0, 10).every((byte) => byte === 0) && network.bytes[10] === 0xff
  return isMapped ? undefined : network
}

export function networkEntails(one: string, other: string): boolean {
  const [inner, outer] = [plainNetwork(one), plainNetwork(other)]
  return inner !== undefined && outer !== undefined && networkHolds(outer, inner)
}

/** A domain as names are compared with it. */
export function domainOf(text: string): string {
  return fold(text).replace(/\.$/, '')
}

export function isInDomain(name: string, domain: string): boolean {
  const [seen, wanted] = [domainOf(name), domainOf(domain)]
  return wanted !== '' && (seen === wanted || seen.endsWith(`.${wanted}`))
}
