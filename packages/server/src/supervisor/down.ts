import { rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { leaveHome, runningOn } from './lock.ts'
import { makePlan } from './plan.ts'

/** What `tocsin down` runs: ends the supervisor of a home, and with `--purge` removes its state. */
const limitMs = 60_000
const home = resolve(process.env.TOCSIN_HOME ?? '.tocsin')

if (
  await stat(home).then(
    () => true,
    () => false,
  )
) {
  const plan = await makePlan(home)
  const running = await runningOn(plan.home)
  if (running !== undefined) {
    process.kill(running.pid, 'SIGTERM')
    for (let waited = 0; (await runningOn(plan.home)) !== undefined && waited < limitMs; waited += 100) {
      await new Promise((next) => setTimeout(next, 100))
    }
  }
  await leaveHome(plan.home)
  if (process.argv.includes('--purge')) {
    for (const folder of new Set([plan.base, plan.run, plan.home]))
      await rm(folder, { recursive: true, force: true })
    console.log('everything is removed')
  } else console.log(running === undefined ? 'nothing was running' : 'stopped')
} else console.log(`there is nothing in ${home}`)
