import { type Listener, type ListenOptions, listen, listenerTls } from '@tocsin/server/uplink/index.ts'
import { startTestSigner } from '@tocsin/server/uplink/testdata/world.ts'
import { startTestServer, type TestServer } from './server.ts'

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
