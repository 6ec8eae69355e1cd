import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// The checks start Node.js some hundreds of times, which keeps what it has made of `src` and `spec` from one time to the next. Where coverage is taken it must not.
if (process.env['NODE_V8_COVERAGE'] === undefined)
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'netgraph-mc-checks');

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
