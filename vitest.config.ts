import { defineConfig } from 'vitest/config'

/** They change the kernel's audit switches, of which a machine has one set: nothing runs beside them. */
const kernelTests = 'packages/agent/src/recorder/**/*.test.ts'

export default defineConfig({
  test: {
    reporters: ['default', './scripts/tally.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup: ['./packages/testkit/src/database-setup.ts'],
          include: ['packages/*/src/**/*.test.ts', 'scripts/*.test.ts'],
          exclude: [kernelTests],
          sequence: { groupOrder: 0 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          include: [kernelTests],
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'scenarios',
          sequence: { groupOrder: 2 },
          include: ['scenarios/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
