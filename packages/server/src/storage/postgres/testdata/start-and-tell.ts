import { startPostgres } from '../index.ts'

const [base = '', socketFolder = ''] = process.argv.slice(2)
const { url, pid } = await startPostgres({ home: base, base, socketFolder, log: () => undefined })
process.send?.({ url, pid })
