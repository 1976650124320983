import { absentField, known } from '@tocsin/model'
import { textField } from './fields.ts'
import { addressOf, addressOfWords, tableOf } from './network-tables.ts'
import { observed, type StateProvider } from './provider.ts'
import { textOf } from './tree.ts'

const four = '/proc/self/net/route'
const six = '/proc/self/net/ipv6_route'

interface Route {
  readonly destination: string
  readonly netmask: string
  readonly gateway: string
  readonly device: string
  readonly metric: number
}

// Limit: routes are those of the main table, in the agent's own network namespace.
export const routes: StateProvider = {
  object: 'route',
  sources: {
    'route.destination': `${four} and ${six}`,
    'route.netmask': `${four} and ${six}, as an address`,
    'route.gateway': `${four} and ${six}; none where the destination is on the link`,
    'route.interface': `${four} and ${six}`,
    'route.metric': `${four} and ${six}`,
  },
  async *read(look) {
    for (const each of await tableOf(look, 'route')) yield* told(route4(each))
    for (const each of await tableOf(look, 'ipv6_route')) yield* told(route6(each))
  },
}

function* told(route: Route | undefined) {
  if (route === undefined) return
  const { destination, netmask, gateway, device, metric } = route
  yield observed('route', `${destination} ${netmask} ${gateway} ${device} ${metric}`, {
    'route.destination': known(destination),
    'route.netmask': known(netmask),
    'route.gateway': /^[0.:]+$/.test(gateway) ? absentField : known(gateway),
    'route.interface': textField(textOf(device)),
    'route.metric': known(metric),
  })
}

// line := interface destination gateway flags references uses metric mask …
function route4([device = '', to = '', via = '', , , , metric = '', mask = '']: readonly string[]) {
  if (![to, via, mask].every((word) => /^[0-9A-F]{8}$/.test(word))) return undefined
  return {
    destination: addressOfWords(to),
    netmask: addressOfWords(mask),
    gateway: addressOfWords(via),
    device,
    metric: Number(metric) || 0,
  }
}

// line := destination length source length gateway metric references uses flags interface
function route6([to = '', length = '', , , via = '', metric = '', , , , device = '']: readonly string[]) {
  if (![to, via].every((word) => /^[0-9a-f]{32}$/.test(word)) || !/^[0-9a-f]{2}$/.test(length))
    return undefined
  return {
    destination: addressOf(Buffer.from(to, 'hex')),
    netmask: addressOf(maskOf(Number.parseInt(length, 16))),
    gateway: addressOf(Buffer.from(via, 'hex')),
    device,
    metric: Number.parseInt(metric, 16) || 0,
  }
}

function maskOf(bits: number): Uint8Array {
  return Uint8Array.from(
    { length: 16 },
    (_, at) => (0xff00 >> Math.max(0, Math.min(8, bits - 8 * at))) & 0xff,
  )
}
