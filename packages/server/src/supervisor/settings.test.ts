import { expect, test } from 'vitest'
import { addressOf, readSettings } from './settings.ts'

test('without variables all is on the loopback, in .tocsin', () => {
  expect(readSettings({}, '/work')).toMatchObject({
    ...{ home: '/work/.tocsin', port: 8080, uplinkPort: 8443, bind: '127.0.0.1', databaseUrl: undefined },
  })
})

test('a relative home lies in the current folder, and an empty variable counts as not set', () => {
  expect(readSettings({ TOCSIN_HOME: 'x/y', DATABASE_URL: '', TOCSIN_PORT: '' }, '/work')).toMatchObject({
    ...{ home: '/work/x/y', databaseUrl: undefined, port: 8080 },
  })
})

test.each(['80x', '-1', '0', '65536', '1e3', ' 80'])('“%s” is no port', (port) => {
  expect(() => readSettings({ TOCSIN_PORT: port }, '/')).toThrow('TOCSIN_PORT must be a port')
})

test('the two ports must differ', () => {
  expect(() => readSettings({ TOCSIN_PORT: '8443' }, '/')).toThrow('must differ')
})

test('processes are given what is meant for them and nothing else', () => {
  const { forServer, forAgent } = readSettings(
    { TOCSIN_API_TOKEN: 't', PATH: '/bin', AWS_SECRET_ACCESS_KEY: 's', NODE_OPTIONS: '--inspect' },
    '/',
  )
  expect(forServer).toEqual({ NODE_ENV: 'production', TOCSIN_API_TOKEN: 't' })
  expect(forAgent).toEqual({ PATH: '/bin' })
})

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['0.0.0.0', 'https://127.0.0.1:8080'],
  ['10.1.2.3', 'https://10.1.2.3:8080'],
  ['::1', 'http://[::1]:8080'],
])('bound to %s it is reached at %s', (bind, address) => {
  expect(addressOf({ bind, port: 8080 })).toBe(address)
})
