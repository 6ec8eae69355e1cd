#!/usr/bin/env node
/**
 * Where `netgraph-mc` begins. In JavaScript, for two things are to be done before the first line of TypeScript is read: to say so where
 * Node.js is too old for it, and to have V8 keep what it compiles, which makes `--help` three times as fast.
 */
import module from 'node:module';

const oldestNode = 24;

if (Number.parseInt(process.versions.node) < oldestNode) {
  process.stderr.write(`netgraph-mc needs Node.js ${oldestNode} or newer, and this is ${process.versions.node}.\n`);
  process.exitCode = 3;
} else {
  module.enableCompileCache();
  await import('./cli.ts');
}
