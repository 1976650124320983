import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    reporters: ['default', './scripts/tally.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup: ['./packages/testkit/src/database-setup.ts'],
          include: ['packages/*/src/**/*.test.ts', 'scripts/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['scenarios/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
