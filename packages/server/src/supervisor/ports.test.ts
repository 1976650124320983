import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { checkPort } from './ports.ts'

test('a port in use is refused, and the message names the variable', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  await expect(checkPort(port, '127.0.0.1', 'TOCSIN_PORT')).rejects.toThrow(/in use.*set TOCSIN_PORT/)
  await new Promise((resolve) => server.close(resolve))
  await expect(checkPort(port, '127.0.0.1', 'TOCSIN_PORT')).resolves.toBeUndefined()
})

test('an address that this machine has not is refused', async () => {
  await expect(checkPort(18_080, '192.0.2.1', 'TOCSIN_PORT')).rejects.toThrow('TOCSIN_BIND')
})
