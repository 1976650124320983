import type { TLSSocket } from 'node:tls'
import { type Identity, identityOf, plainSerial } from '../endpoints/index.ts'
import type { Queryable } from '../storage/database.ts'

/** Who a connection is from, as its certificate says; nothing for one that our authority did not issue. */
export interface Peer {
  readonly endpoint: string
  readonly serial: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function peerOf(socket: TLSSocket): Peer | null {
  if (!socket.authorized) return null
  const certificate = socket.getPeerCertificate()
  const name = certificate?.subject?.CN
  if (typeof name !== 'string' || !uuid.test(name)) return null
  return { endpoint: name, serial: plainSerial(certificate.serialNumber) }
}

/** Why a peer is turned away; nothing for one that is welcome. */
export type Turning = 'unknown-endpoint' | 'other-certificate' | 'revoked'

export async function turnedAway(within: Queryable, peer: Peer): Promise<Turning | null> {
  const identity: Identity | null = await identityOf(within, peer.endpoint)
  if (identity === null) return 'unknown-endpoint'
  if (identity.revoked) return 'revoked'
  return identity.serial === peer.serial ? null : 'other-certificate'
}
