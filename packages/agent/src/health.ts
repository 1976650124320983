import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Measuring wakes the agent, so a pause is told as up to this much shorter than it was. */
const resolution = 100
const delay = monitorEventLoopDelay({ resolution })
delay.enable()

/** What an agent tells of itself every ten seconds. */
export function countersOf(own: Readonly<Record<string, number>>): Record<string, number> {
  const { rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const longestPauseMs = Math.max(0, Math.round(delay.max / 1e6) - resolution)
  delay.reset()
  return { rss, cpuSeconds: (user + system) / 1e6, uptime: process.uptime(), longestPauseMs, ...own }
}
