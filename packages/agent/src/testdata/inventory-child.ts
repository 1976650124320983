/** An inventory that a test kills: it says a line once it has some files, but not all. */
import { Inventory } from '../inventory/index.ts'

const { STATE: stateDir = '', ROOT: root = '' } = process.env
const log = { info: () => undefined, warn: () => undefined }
const inventory = new Inventory({ stateDir, exclude: [], cores: 0.5, roots: [root], log })
inventory.start()
for (;;) {
  const { files } = await inventory.filesWithName('many-*', 10)
  if (files.length > 0) break
}
console.log('some are there')
setInterval(() => undefined, 1_000)
