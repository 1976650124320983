import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { releaseAudit } from './recorder/linux/audit-source.ts'
import { releasePins } from './recorder/linux/bpf/pins.ts'

/** `release.ts STATE`: gives the kernel back what an agent that was killed had changed. */
const [stateDir = ''] = process.argv.slice(2)
if (existsSync(join(stateDir, 'audit-before.json'))) releaseAudit(stateDir)
releasePins(stateDir)
