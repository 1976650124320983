import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { connectSigner, type Signer } from '../../keys/index.ts'
import { type Listener, type ListenOptions, listen, listenerTls } from '../index.ts'

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

/** A server with its listener on a free port, and a signer of their own. */
export async function startTestListener(limits?: ListenOptions['limits']): Promise<{
  readonly server: TestServer
  readonly listener: Listener
  /** PEM. */
  readonly ca: string
  readonly caPin: string
  stop(): Promise<void>
}> {
  const signing = await startTestSigner()
  const server = await startTestServer([], signing.signer)
  const tls = await listenerTls(signing.signer, signing.folder, ['localhost', '127.0.0.1'])
  const listener = await listen(server.context, {
    ...{ tls, bind: '127.0.0.1', port: 0 },
    ...(limits === undefined ? {} : { limits }),
  })
  return {
    ...{ server, listener, ca: tls.ca, caPin: tls.caPin },
    stop: async () => {
      await listener.stop()
      await server.stop()
      await signing.stop()
    },
  }
}
