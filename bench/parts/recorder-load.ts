/** One burst on 127.0.0.1 and in a folder of its own; the word `tocsin-load` in the command line marks what it does. */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operations, processes, processMark, questions } from './recorder-bursts.ts'

const count = operations

/** A shell makes processes faster than Node does. All numbers have five digits. */
async function runProcesses(): Promise<void> {
  const end = 10_000 + processes
  const script = `i=10000; while [ $i -lt ${end} ]; do ${processMark}$i; i=$((i+1)); done`
  await once(spawn('/bin/sh', ['-c', script], { stdio: 'ignore' }), 'exit')
}

async function files(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-load-'))
  for (let number = 0; number < count; number += 1) {
    const path = join(folder, `${number}`)
    writeFileSync(path, 'x')
    renameSync(path, `${path}.moved`)
    unlinkSync(`${path}.moved`)
  }
  rmSync(folder, { recursive: true })
}

async function tcp(host: string): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => undefined).end()).listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const lanes = Array.from({ length: 20 }, async () => {
    for (let number = 0; number < count / 20; number += 1) {
      const socket = connect(port, host)
      socket.resume().on('error', () => undefined)
      await once(socket, 'close')
    }
  })
  await Promise.all(lanes)
  server.close()
}

async function udp(): Promise<void> {
  const socket = createSocket('udp4')
  for (let number = 0; number < count; number += 1) {
    await new Promise((resolve) => socket.send('x', 20_000 + number, '127.0.0.1', resolve))
  }
  socket.close()
}

async function dns(): Promise<void> {
  const server = createSocket('udp4')
  server.on('message', (message, from) => {
    const answer = Buffer.concat([message, Buffer.from('c00c00010001000000010004c0000201', 'hex')])
    answer.writeUInt16BE(0x8180, 2)
    answer.writeUInt16BE(1, 6)
    answer.writeUInt16BE(0, 10)
    server.send(answer, from.port, from.address)
  })
  server.bind(53, '127.0.0.9')
  await once(server, 'listening')
  const resolver = new Resolver()
  resolver.setServers(['127.0.0.9'])
  for (let number = 0; number < questions; number += 20) {
    const names = Array.from({ length: 20 }, (_, more) => `name-${number + more}.tocsin.test`)
    await Promise.all(names.map((name) => resolver.resolve4(name).catch(() => undefined)))
  }
  server.close()
}

const acts: Readonly<Record<string, () => Promise<void>>> = {
  processes: runProcesses,
  files,
  tcp4: () => tcp('127.0.0.1'),
  tcp6: () => tcp('::1'),
  udp,
  dns,
}
await acts[process.argv[2] ?? '']?.()
