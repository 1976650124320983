import { defineConfig } from 'vitest/config'

/** These change the kernel's audit switches, of which a machine has one set, or run a whole agent: one after another. */
const machineTests = [
  'packages/agent/src/recorder/*.test.ts',
  'packages/agent/src/recorder/linux/**/*.test.ts',
  'scenarios/**/*.test.ts',
]

export default defineConfig({
  test: {
    reporters: ['default', './scripts/tally.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['./packages/testkit/src/fixed-seed.ts'],
          globalSetup: ['./packages/testkit/src/database-setup.ts'],
          include: ['packages/*/src/**/*.test.ts', 'scripts/*.test.ts'],
          exclude: machineTests,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'machine',
          setupFiles: ['./packages/testkit/src/fixed-seed.ts'],
          include: machineTests,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
