import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { save, type Disk } from '../../src/saving.ts';
import { Complaint } from '../../src/complaint.ts';

const failing = (operation: keyof Disk, code: string): Disk => ({
  ...fs,
  [operation]: () => {
    throw Object.assign(new Error(code), { code });
  },
});

let directory: string;
const path = (name: string): string => join(directory, name);
const read = (name: string): string => fs.readFileSync(path(name), 'utf8');

beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'netgraph-mc-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

describe('saving', () => {
  it('writes every document, in a directory that it makes', () => {
    save([
      { path: path('new/a.json'), text: '{}\n' },
      { path: path('new/a.txt'), text: 'a\n' },
    ]);
    expect([read('new/a.json'), read('new/a.txt')]).toEqual(['{}\n', 'a\n']);
    expect(fs.readdirSync(path('new')).toSorted()).toEqual(['a.json', 'a.txt']);
  });

  it.each([
    ['openSync', 'EACCES', 'permission is denied'],
    ['writeFileSync', 'ENOSPC', 'there is no space left on the disk'],
    ['fsyncSync', 'EIO', 'the disk failed'],
    ['renameSync', 'EROFS', 'the file system is read-only'],
    ['writeFileSync', 'EWEIRD', 'the system says EWEIRD'],
  ] as const)('that fails in %s with %s leaves what was there, and nothing else', (operation, code, words) => {
    fs.writeFileSync(path('a.json'), 'old');
    const attempt = () =>
      save(
        [
          { path: path('a.json'), text: 'new' },
          { path: path('a.txt'), text: 'new' },
        ],
        failing(operation, code),
      );
    expect(attempt).toThrow(Complaint);
    expect(attempt).toThrow(`${path('a.json')}: could not be saved, ${words}; what was there before is untouched.`);
    expect(fs.readdirSync(directory)).toEqual(['a.json']);
    expect(read('a.json')).toBe('old');
  });

  it('that runs out of space in the second document does not touch the first', () => {
    fs.writeFileSync(path('a.json'), 'old');
    let writes = 0;
    const disk: Disk = {
      ...fs,
      writeFileSync: (...args) => {
        if (++writes === 2) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        fs.writeFileSync(...args);
      },
    };
    expect(() =>
      save(
        [
          { path: path('a.json'), text: 'new' },
          { path: path('a.txt'), text: 'new' },
        ],
        disk,
      ),
    ).toThrow('no space left');
    expect(fs.readdirSync(directory)).toEqual(['a.json']);
    expect(read('a.json')).toBe('old');
  });

  it('does not call a bug of ours a full disk', () => {
    const disk: Disk = {
      ...fs,
      openSync: () => {
        throw new TypeError('ours');
      },
    };
    expect(() => save([{ path: path('a'), text: '' }], disk)).toThrow(TypeError);
  });
});
