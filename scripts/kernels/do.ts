import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, linkSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { openModule } from './open-module.ts'

export async function shell(script: string): Promise<void> {
  await once(spawn('/bin/sh', ['-c', script], { stdio: 'ignore' }), 'exit')
}

/** Starts so many processes, one after the other. */
export function runProcesses(count: number): Promise<void> {
  return shell(`i=0; while [ $i -lt ${count} ]; do /bin/true act $i; i=$((i+1)); done`)
}

/** Creates, writes, changes, links, renames and deletes so many files. */
export function changeFiles(folder: string, count: number): void {
  mkdirSync(folder)
  for (let number = 0; number < count; number += 1) {
    const path = `${folder}/${number}`
    writeFileSync(path, 'x')
    chmodSync(path, 0o700)
    linkSync(path, `${path}.link`)
    renameSync(path, `${path}.moved`)
    unlinkSync(`${path}.moved`)
  }
}

/** Makes and accepts so many connections. */
export async function connectTo(host: string, count: number): Promise<void> {
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

/** Loads the module that run.sh has put there, and unloads it. */
export function loadModule(): void {
  const { load, unload } = openModule('/dummy.ko', 'dummy')
  load()
  unload()
}
