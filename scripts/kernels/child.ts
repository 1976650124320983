import { once } from 'node:events'
import { createServer } from 'node:net'
import { changeFiles, connectTo, loadModule } from './do.ts'

/** What a recorder does itself audit and fanotify leave out: so another process does it. */
const count = Number(process.argv[2])
changeFiles('/tmp/fallback', count) // the machine's root is no file system that is watched
await connectTo('127.0.0.1', count)
const server = createServer().listen(4_711, '127.0.0.1')
await once(server, 'listening')
server.close()
loadModule()
