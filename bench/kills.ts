import { killLoop, type Part } from '../packages/testkit/src/kill-loop.ts'

/** SIGKILL of server, database and agent at random moments: `npm run bench -- kills 20`. */
export async function bench([countText = '20']: readonly string[]): Promise<void> {
  const parts: readonly Part[] = ['server', 'database', 'agent']
  const kills = Array.from(
    { length: Number(countText) },
    () => parts[Math.floor(Math.random() * parts.length)] ?? 'server',
  )
  const report = await killLoop(kills)
  const { uploads, alerts } = report.acknowledged
  console.log(
    `${report.kills.length} kills (${kills.join(', ')}): ${uploads} uploads and ${alerts} alerts acknowledged, ${report.lost.length} lost, ${report.failedRestarts} failed restarts`,
  )
  if (report.lost.length > 0 || report.failedRestarts > 0) process.exitCode = 1
}
