import { expect, test } from 'vitest'
import { serverEnvironment } from './environment.ts'

const least = {
  DATABASE_URL: 'postgresql:///tocsin',
  TOCSIN_SIGNER_SOCKET: '/run/s',
  TOCSIN_STATE: '/var/lib/tocsin/server',
  TOCSIN_PORT: '8080',
  TOCSIN_UPLINK_PORT: '8443',
  TOCSIN_BIND: '127.0.0.1',
}

test('an empty variable counts as not set', () => {
  const env = serverEnvironment({
    ...least,
    TOCSIN_API_TOKEN: '',
    TOCSIN_ADMIN_PASSWORD: 'x',
    TOCSIN_HOST: '',
  })
  expect(env).toMatchObject({ apiToken: undefined, adminPassword: 'x', hosts: [], isLoopback: true })
  expect(() => serverEnvironment({ ...least, DATABASE_URL: '' })).toThrow('DATABASE_URL is not set')
})

test.each(['x', '-1', '65536', '80.5'])('%s is no port', (port) => {
  expect(() => serverEnvironment({ ...least, TOCSIN_PORT: port })).toThrow('TOCSIN_PORT is no port')
})

test.each([
  ['127.0.0.1', '', true, '127.0.0.1'],
  ['0.0.0.0', '', false, '127.0.0.1'],
  ['10.1.2.3', '', false, '10.1.2.3'],
  ['0.0.0.0', 'tocsin.example, other.example', false, 'tocsin.example'],
])('bound to %s with the names %j', (bind, names, isLoopback, reachedBy) => {
  const env = serverEnvironment({ ...least, TOCSIN_BIND: bind, TOCSIN_HOST: names })
  expect(env).toMatchObject({ isLoopback, reachedBy })
})
