/**
 * Runs inside a virtual machine: does a known number of things and holds what the programs in its kernel recorded
 * against them. One line of JSON for each act, then `done`.
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, linkSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { release } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { KernelSource } from '../../packages/agent/src/recorder/linux/bpf/kernel-source.ts'
import type { KernelNotice } from '../../packages/agent/src/recorder/linux/bpf/notices.ts'

const count = 300
const notices: KernelNotice[] = []
const blind: unknown[] = []
const source = await KernelSource.open('/state', {
  onKernel: (more) => notices.push(...more),
  onBlind: (interval) => blind.push(interval),
})
const say = (value: object) => console.log(JSON.stringify(value))
say({ kernel: release(), objects: Object.keys(source.capabilityEvents()), hasFiles: source.hasFiles })

const of = (act: string, isIt: (notice: KernelNotice) => boolean, done = count) =>
  say({ act, done, recorded: notices.filter(isIt).length })
const fileOf = (operation: string, prefix: string) => (notice: KernelNotice) =>
  notice.kind === 'file' && notice.operation === operation && notice.path.toString().startsWith(prefix)
const socketOf =
  (operation: string, address: string, protocol = 'tcp') =>
  (notice: KernelNotice) =>
    notice.kind === 'socket' &&
    notice.operation === operation &&
    notice.protocol === protocol &&
    (operation === 'accept' ? notice.localAddress : notice.remoteAddress) === address

await once(
  spawn('/bin/sh', ['-c', `i=0; while [ $i -lt ${count} ]; do /bin/true act $i; i=$((i+1)); done`]),
  'exit',
)
mkdirSync('/files')
for (let number = 0; number < count; number += 1) {
  const path = `/files/${number}`
  writeFileSync(path, 'x')
  chmodSync(path, 0o700)
  linkSync(path, `${path}.link`)
  renameSync(path, `${path}.moved`)
  unlinkSync(`${path}.moved`)
}
for (const host of ['127.0.0.1', '::1']) {
  const server = createServer((socket) => socket.end()).listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  for (let number = 0; number < count; number += 1) {
    const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, host)
    socket.resume()
    await once(socket, 'close')
  }
  server.close()
}
const socket = createSocket('udp4')
const question = Buffer.from('123401000001000000000000076578616d706c6504746573740000010001', 'hex')
for (let number = 0; number < count; number += 1) {
  await new Promise((resolve) => socket.send('x', 20_000 + number, '127.0.0.1', resolve))
  await new Promise((resolve) => socket.send(question, 53, '127.0.0.1', resolve))
}
socket.close() // an open one would keep this process, and with it the machine, alive
await pause(1_500)
source.stop()
of('exec', (notice) => notice.kind === 'exec' && notice.commandLine.split(' ')[1] === 'act')
of('create', fileOf('create', '/files/'), 2 * count)
of('write', fileOf('write', '/files/'))
of('change', fileOf('change', '/files/'))
of('rename', fileOf('rename', '/files/'))
of('delete', fileOf('delete', '/files/'))
for (const host of ['127.0.0.1', '::1']) {
  of(`connect ${host}`, socketOf('connect', host))
  of(`accept ${host}`, socketOf('accept', host))
}
of('udp', (notice) => socketOf('connect', '127.0.0.1', 'udp')(notice), count + 1)
of('dns question', (notice) => notice.kind === 'dns')
say({ act: 'image', recorded: notices.filter(({ kind }) => kind === 'image').length })
say({ blind: blind.length })
console.log('done')
