import { readFileSync } from 'node:fs'
import { type Observed, stateInstance } from '@tocsin/engine'
import { type Field, type Fields, known, type ProcessFacts, unknownField } from '@tocsin/model'
import { ipv6Text } from '@tocsin/telemetry/address.ts'

const longestChain = 64

/** Running processes as scanned objects; `processes` holds those that created them too. */
export function processInstances(processes: readonly ProcessFacts[]): readonly Observed[] {
  const byKey = new Map(processes.map((facts) => [facts.key, facts]))
  return processes
    .filter(({ endedAt }) => endedAt === null)
    .map((facts) => stateInstance('process', facts.key, facts.startedAt, withLineage(chainOf(facts, byKey))))
}

function chainOf(facts: ProcessFacts, byKey: ReadonlyMap<string, ProcessFacts>): readonly ProcessFacts[] {
  const chain: ProcessFacts[] = []
  for (let next: ProcessFacts | undefined = facts; next && chain.length < longestChain; ) {
    chain.push(next)
    next = next.parent === null ? undefined : byKey.get(next.parent)
  }
  return chain
}

function withLineage([self, ...above]: readonly ProcessFacts[]): Fields {
  if (self === undefined) return {}
  const fields: Record<string, Field> = { ...self.fields }
  const [parent] = above
  const top = above.at(-1) ?? self
  const isComplete = Number(top.fields['process.pid']?.values[0]) <= 2
  for (const name of ['path', 'name', 'command_line', 'md5', 'sha1', 'sha256', 'user_name', 'user_group']) {
    const of = (facts: ProcessFacts | undefined) => facts?.fields[`process.${name}`] ?? unknownField
    fields[`process.parent_${name}`] = of(parent)
    const ancestors = above.map(of)
    fields[`process.ancestry_${name}`] = {
      values: ancestors.flatMap(({ values }) => values),
      whole: isComplete && ancestors.every(({ whole }) => whole),
    }
  }
  return fields
}

/** How the kernel's tables number the states of a connection. */
export const connectionStates: Readonly<Record<string, string>> = {
  '01': 'established',
  '06': 'time-wait',
  '08': 'close-wait',
  '0A': 'listen',
}

/** TCP and UDP sockets of this network namespace as scanned objects. */
export function connectionInstances(): readonly Observed[] {
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((table) => {
    const lines = read(`/proc/self/net/${table}`).split('\n').slice(1)
    return lines.flatMap((line) => {
      const [, local, remote, state] = line.trim().split(/\s+/)
      if (local === undefined || remote === undefined) return []
      return [connectionOf(table.slice(0, 3), local, remote, connectionStates[state ?? ''] ?? 'other')]
    })
  })
}

function connectionOf(protocol: string, local: string, remote: string, state: string): Observed {
  const [here, there] = [endOf(local), endOf(remote)]
  const key = `${protocol}:${here.address}:${here.port}-${there.address}:${there.port}`
  return stateInstance('connection', key, Date.now() * 1_000, {
    'connection.protocol': known(protocol),
    'connection.state': known(state),
    'connection.local_address': known(here.address),
    'connection.local_port': known(here.port),
    'connection.remote_address': known(there.address),
    'connection.remote_port': known(there.port),
  })
}

/** Words of four bytes in the machine's order, then the port. */
export function endOf(text: string): { readonly address: string; readonly port: number } {
  const [hex = '', port = '0'] = text.split(':')
  const bytes = Buffer.from(hex, 'hex')
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.subarray(at, at + 4).reverse()
  return { address: bytes.length === 4 ? bytes.join('.') : ipv6Text(bytes), port: Number.parseInt(port, 16) }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
