/**
 * Runs inside a virtual machine: does a known number of things and holds what the programs in its kernel recorded
 * against them. One line of JSON for each act, then `done`.
 */
import { createSocket } from 'node:dgram'
import { release } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { KernelSource } from '../../packages/agent/src/recorder/linux/bpf/kernel-source.ts'
import type { KernelNotice } from '../../packages/agent/src/recorder/linux/bpf/notices.ts'
import { releasePins } from '../../packages/agent/src/recorder/linux/bpf/pins.ts'
import { contention } from './contention.ts'
import { changeFiles, connectTo, loadModule, runProcesses } from './do.ts'
import { fallback } from './fallback.ts'
import { overload } from './overload.ts'
import { say } from './say.ts'

const count = 300
const notices: KernelNotice[] = []
const blind: unknown[] = []
const source = await KernelSource.open('/state', {
  onKernel: (more) => notices.push(...more),
  onBlind: (interval) => blind.push(interval),
})
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

await runProcesses(count)
changeFiles('/files', count)
for (const host of ['127.0.0.1', '::1']) await connectTo(host, count)
loadModule()
const socket = createSocket('udp4')
const question = Buffer.from('123401000001000000000000076578616d706c6504746573740000010001', 'hex')
for (let number = 0; number < count; number += 1) {
  await new Promise((resolve) => socket.send('x', 20_000 + number, '127.0.0.1', resolve))
  await new Promise((resolve) => socket.send(question, 53, '127.0.0.1', resolve))
}
socket.close() // an open one would keep this process, and with it the machine, alive
await pause(1_500)
source.stop()
releasePins('/state')
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
of('module', (notice) => notice.kind === 'module' && notice.name === 'dummy', 1)
say({ blind: blind.length })
for (const act of [overload, contention, fallback]) {
  await act().catch((error: unknown) => say({ act: act.name, fault: String(error) }))
}
console.log('done')
