import { join } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../storage/postgres/index.ts'
import { Child } from './child.ts'
import type { Code } from './code-copy.ts'
import type { Plan } from './plan.ts'

const ready = z.object({ kind: z.literal('ready'), caPin: z.string().regex(/^[0-9a-f]{64}$/) })

export interface RunningSigner {
  readonly child: Child
  readonly socket: string
  /** SHA-256 of the authority's certificate. Resolves with `child.ready`. */
  caPin(): string
}

/** Starts the process with the keys; only the server's group may walk into its socket's folder. */
export async function startSigner(
  plan: Plan,
  code: Code,
  say: (line: string) => void,
): Promise<RunningSigner> {
  const keys = join(plan.base, 'signer')
  const sockets = join(plan.run, 'signer')
  const socket = join(sockets, 's')
  if (plan.owners === null) {
    await makeFolder(keys, 0o700)
    await makeFolder(sockets, 0o700)
  } else {
    const { signer, server } = plan.owners
    await makeFolder(keys, 0o700, signer)
    await makeFolder(sockets, 0o2710, { uid: signer.uid, gid: server.gid }) // the socket has the group of its folder
  }
  let pin = ''
  const child = new Child({
    name: 'signer',
    node: code.node,
    entry: join(code.root, 'packages/server/src/signer/main.ts'),
    args: () => Promise.resolve([keys, socket]),
    env: {},
    owner: plan.owners?.signer ?? null,
    onMessage: (message) => {
      const told = ready.safeParse(message)
      if (told.success) pin = told.data.caPin
    },
    say,
  })
  return { child, socket, caPin: () => pin }
}
