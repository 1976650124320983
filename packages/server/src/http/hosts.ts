import { Failure } from './failure.ts'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Refuses names that a page elsewhere may have pointed at this address. */
export function checkHost(host: string | undefined, more: readonly string[]): void {
  const name = (host ?? '').toLowerCase().replace(/:\d+$/, '')
  if (!loopbackHosts.has(name) && !more.includes(name)) throw new Failure('request.wrong-host')
}

/** How an address or a name stands in a Host header. */
export function hostOf(address: string): string {
  const name = address.trim().toLowerCase()
  return name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
}
