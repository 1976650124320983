import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One round of the burst: a process, a connection and a file of this number. Times are µs. */
export interface Round {
  readonly number: number
  readonly before: number
  readonly after: number
}

export interface Burst {
  readonly pid: number
  /** Ends it; every round that was done. */
  end(): Promise<readonly Round[]>
}

/** Starts processes, connects and makes files, one after the other, until it is ended. */
export function startBurst(folder: string, mark: string): Burst {
  const child = spawn('python3', ['-c', script, folder, mark], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    end: async () => {
      await writeFile(join(folder, 'enough'), '')
      await ended
      const lines = (await readFile(join(folder, 'rounds'), 'utf8')).trim().split('\n')
      return lines.map((line) => {
        const [number = 0, before = 0, after = 0] = line.split(' ').map(Number)
        return { number, before, after }
      })
    },
  }
}

const script = `import os, socket, subprocess, sys, time
folder, mark = sys.argv[1:]
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(16)
rounds = open(f"{folder}/rounds", "w")
number = 0
while not os.path.exists(f"{folder}/enough"):
  before = time.time_ns() // 1000
  subprocess.run(["/bin/true", mark, str(number)])
  client = socket.socket(); client.connect(server.getsockname()); server.accept()[0].close(); client.close()
  open(f"{folder}/made-{number}", "w").close()
  print(number, before, time.time_ns() // 1000, file=rounds)
  number += 1
  time.sleep(0.002)
`

/** A process that is there before, connects once when `go` is made, and ends with the code 5. */
export function startStranger(
  folder: string,
  mark: string,
): { readonly pid: number; readonly ended: Promise<unknown> } {
  const child = spawn('python3', ['-c', stranger, folder, `${mark}-stranger`], { stdio: 'ignore' })
  return { pid: child.pid ?? 0, ended: once(child, 'exit') }
}

const stranger = `import os, socket, sys, time
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(1)
while not os.path.exists(f"{sys.argv[1]}/go"): time.sleep(0.05)
socket.create_connection(server.getsockname())
sys.exit(5)
`
