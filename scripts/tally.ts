import type { Reporter, TestModule } from 'vitest/node'

/** Names each skipped test, then prints `N passed, N failed` as the very last line, which .ci/run relies on. */
export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0 }
    const skipped: string[] = []
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'skipped') skipped.push(`skipped: ${module.relativeModuleId} > ${test.fullName}`)
        else if (state !== 'pending') count[state] += 1
      }
      if (module.state() === 'failed' && tests.every((test) => test.result().state !== 'failed'))
        count.failed += 1
    }
    process.on('exit', () => {
      for (const line of skipped) console.log(line)
      console.log(`${count.passed} passed, ${count.failed} failed`)
    })
  }
}
