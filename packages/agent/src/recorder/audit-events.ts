import { type Fields, known, type RecordedEvent, unknownField } from '@tocsin/model'
import type { AuditEvent } from '@tocsin/telemetry/audit/kernel-event.ts'
import { loadedFields, securityFields, socketFields } from './event-fields.ts'
import { Generations } from './generations.ts'

type OtherAudit = Exclude<AuditEvent, { readonly kind: 'exec' }>
type Of<Kind extends OtherAudit['kind']> = Extract<OtherAudit, { readonly kind: Kind }>

interface AuditTold {
  readonly object: RecordedEvent['object']
  readonly operation: string
  readonly fields: Fields
}

const mostBound = 4_096

/** Turns what audit tells besides execs into events as the kernel's programs would tell them. */
export class AuditEvents {
  private readonly userName: (uid: number) => string
  /** Process and descriptor → where it was bound: listening names the descriptor only. */
  private readonly bound = new Generations<string, NonNullable<Of<'bind'>['local']>>(mostBound)

  constructor(userName: (uid: number) => string) {
    this.userName = userName
  }

  eventOf(audit: OtherAudit): AuditTold | undefined {
    switch (audit.kind) {
      case 'bind':
        this.bind(audit)
        return undefined
      case 'listen':
        return this.listening(audit)
      case 'socket':
        return connection(audit)
      case 'accepted':
        return this.accepted(audit)
      case 'module': {
        const fields = loadedFields('driver', null, audit.name)
        return { object: 'driver', operation: 'load', fields }
      }
      case 'security': {
        const fields = securityFields({ ...audit, source: null }, this.userName)
        const whole = audit.operation === 'mount' ? { ...fields, 'security.source': unknownField } : fields
        return { object: 'security', operation: audit.operation, fields: whole }
      }
    }
  }

  private bind({ pid, descriptor, local }: Of<'bind'>): void {
    const key = `${pid}:${descriptor}`
    if (local === undefined) this.bound.delete(key)
    else this.bound.set(key, local)
  }

  // Limit: without the kernel's programs a socket that another process bound, or nobody, is not told when it listens.
  private listening({ pid, descriptor }: Of<'listen'>): AuditTold | undefined {
    const local = this.bound.get(`${pid}:${descriptor}`)
    if (local === undefined) return undefined
    const fields = socketFields({
      ...{ operation: 'listen', protocol: 'tcp', received: null, sent: null },
      localAddress: local.address,
      localPort: local.port === 0 ? null : local.port, // the kernel chose one
      ...{ remoteAddress: '', remotePort: 0 },
    })
    return { object: 'network', operation: 'listen', fields }
  }

  // Limit: without the kernel's programs the peer of an accepted connection is known only if the process asked for it.
  private accepted({ pid, descriptor }: Of<'accepted'>): AuditTold | undefined {
    const local = this.bound.get(`${pid}:${descriptor}`)
    if (local === undefined) return undefined
    const told = connection({ operation: 'accept', address: '', port: 0 })
    const fields = {
      ...told.fields,
      'network.local_address': known(local.address),
      'network.remote_address': unknownField,
      'network.remote_port': unknownField,
    }
    return { ...told, fields }
  }
}

// Limit: without the kernel's programs neither the protocol nor the local end of a connection is known.
function connection({
  operation,
  address,
  port,
}: Pick<Of<'socket'>, 'operation' | 'address' | 'port'>): AuditTold {
  const ends = { protocol: null, localAddress: null, localPort: null, received: null, sent: null }
  const fields = socketFields({ ...ends, operation, remoteAddress: address, remotePort: port })
  return { object: 'network', operation, fields }
}
