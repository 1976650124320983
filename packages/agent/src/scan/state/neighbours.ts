import { absentField, known } from '@tocsin/model'
import { textField } from './fields.ts'
import { tableOf } from './network-tables.ts'
import { observed, type StateProvider } from './provider.ts'
import { textOf } from './tree.ts'

const table = '/proc/self/net/arp'

// Limit: only neighbours of IPv4 are told: the kernel lists those of IPv6 in no file.
export const neighbours: StateProvider = {
  object: 'neighbour',
  sources: {
    'neighbour.address': table,
    'neighbour.mac_address': `${table}; none while nobody has answered`,
    'neighbour.interface': table,
    'neighbour.kind': `${table}: static or dynamic`,
  },
  async *read(look) {
    // line := address type flags hardware mask interface
    for (const [address = '', , flags = '', mac = '', , device = ''] of await tableOf(look, 'arp')) {
      if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) continue
      yield observed('neighbour', `${address} ${device}`, {
        'neighbour.address': known(address),
        'neighbour.mac_address': /^[0:]*$/.test(mac) ? absentField : known(mac.toLowerCase()),
        'neighbour.interface': textField(textOf(device)),
        'neighbour.kind': known((Number(flags) & permanent) === 0 ? 'dynamic' : 'static'),
      })
    }
  },
}

const permanent = 4
