import { type Field, type Fields, known, unknownField } from '@tocsin/model'

export interface Ends {
  readonly address: Field
  readonly port: Field
}

const nowhere: Ends = { address: unknownField, port: unknownField }

/**
 * Who connects is the source. Of what this host began the peer is the destination, of what it took the source;
 * where nobody says who began, either may be either.
 */
export function networkFields(
  operation: 'connect' | 'accept' | undefined,
  source: Ends = nowhere,
  destination: Ends = nowhere,
): Fields {
  if (operation === undefined)
    return {
      'network.operation': unknownField,
      'network.address': both(source.address, destination.address),
      'network.port': both(source.port, destination.port),
    }
  const [local, remote] = operation === 'connect' ? [source, destination] : [destination, source]
  return {
    'network.operation': known(operation),
    'network.local_address': local.address,
    'network.local_port': local.port,
    'network.remote_address': remote.address,
    'network.remote_port': remote.port,
  }
}

function both(left: Field, right: Field): Field {
  return { values: [...left.values, ...right.values], whole: left.whole && right.whole }
}
