import { describe, expect, it } from 'vitest';
import { run } from '../cli/command.ts';

describe('a survey with a bound', () => {
  it('shows what fails within it, also where not everything is searched', async () => {
    const { code, out } = await run(
      ...['survey', '--graph', 'sink', '--design', 'upstream', '--max-states', '1000', '--json'],
    );
    const { tally, breaks } = JSON.parse(out) as {
      readonly tally: { readonly cutShort: number };
      readonly breaks: readonly { readonly key: string; readonly first: { readonly scenario: string } }[];
    };
    expect(tally.cutShort).toBeGreaterThan(0);
    expect(breaks.map(({ first }) => first.scenario)).toContain('sink-shutdown-B-shutdown-B');
    expect(code).toBe(1);
  });
});
