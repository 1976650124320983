/** CPU time of this thread that an act takes, ms. What others do on the machine meanwhile does not count. */
export function cpuMillisOf(act: () => void): number {
  const before = process.threadCpuUsage()
  act()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
