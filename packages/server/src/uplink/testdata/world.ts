import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSigner, type Signer } from '../../keys/index.ts'

/** A signer process with keys of its own, for tests that need real certificates. */
export async function startTestSigner(): Promise<{
  readonly signer: Signer
  readonly socket: string
  readonly folder: string
  stop(): Promise<void>
}> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-uplink-'))
  const socket = join(folder, 's')
  const child = fork(new URL('../../signer/main.ts', import.meta.url), [folder, socket], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise((resolve) => child.once('message', resolve))
  const signer = connectSigner(socket)
  return {
    signer,
    socket,
    folder,
    stop: async () => {
      signer.close()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
