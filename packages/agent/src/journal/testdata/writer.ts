import { known } from '@tocsin/model'
import { Journal } from '../journal.ts'

/** Writes events from a number on until it is killed; each line is the last id that is surely kept. */
const [folder = '', after = '0'] = process.argv.slice(2)
const journal = new Journal({
  stateDir: folder,
  log: { info: () => undefined, warn: (what, more) => console.error(what, more) },
  processOf: () => undefined,
  space: () => ({ free: 1e15, size: 1e15 }),
  limits: { segmentBytes: 200_000 },
})
let id = Number(after)
setInterval(() => {
  for (let count = 0; count < 500; count += 1) {
    id += 1
    const at = Date.now() * 1_000 + count
    const fields = { 'file.path': known(`/tmp/folder/file-${id}`) }
    journal.event({ id: String(id), object: 'file', operation: 'write', at, actor: 'p', fields })
  }
  journal.flush()
  console.log(id)
}, 2)
