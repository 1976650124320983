import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 20 })
delay.enable()

/** What an agent tells of itself every ten seconds. */
export function countersOf(own: Readonly<Record<string, number>>): Record<string, number> {
  const { rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const longestPauseMs = Number.isFinite(delay.max) ? Math.round(delay.max / 1e6) : 0
  delay.reset()
  return { rss, cpuSeconds: (user + system) / 1e6, uptime: process.uptime(), longestPauseMs, ...own }
}
