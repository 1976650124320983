import { startAudit } from '../audit-source.ts'

/** Holds the audit switches until it is killed. */
startAudit(process.argv[2] ?? '')
process.send?.('holding')
setInterval(() => undefined, 1_000)
