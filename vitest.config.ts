import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** `src` and `spec` are left to Node, which runs TypeScript as it is: a step's line is then a line of the file itself. */
export default defineConfig({
  test: {
    include: ['checks/**/*.test.ts'],
    pool: 'forks',
    // Whoever starts the checks waits for them: there is no core to be kept free.
    maxWorkers: availableParallelism(),
    testTimeout: 600_000,
    hookTimeout: 600_000,
    server: { deps: { external: [/\/(src|spec)\/.*\.ts$/] } },
  },
});
