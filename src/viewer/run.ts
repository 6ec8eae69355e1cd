import { journeyOf } from '../explore/runs/journey.ts';
import { usualNeed, withModel, type ModelOptions } from '../explore/model/model.ts';
import type { Trace } from '../explore/search/verdict.ts';
import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { unpainted } from '../report/terminal.ts';
import { traceText } from '../report/trace.ts';
import { pageOf } from './page.ts';
import type { Story } from './page/form.ts';
import { storyOf, type Subject } from './story.ts';

/** What a run was found in: walked again in the same, it is the same step by step. */
export type Setting = {
  readonly world: World;
  readonly claims: readonly Claim[];
  readonly options: Pick<ModelOptions, 'quotient' | 'fuse'>;
};

/** A run that is over, told from its beginning. Throws when it cannot be walked again: then it was not found in this setting. */
export const storyOfRun = ({ world, claims, options }: Setting, subject: Subject, trace: Trace): Story =>
  withModel(world, { ...options, conduct: claims.filter(isConduct), byNeed: usualNeed }, (model) => {
    const journey = journeyOf(model, claims, trace.steps);
    if (journey.steps.length !== trace.steps.length)
      throw new Error(
        `[suite bug] a run of ${trace.steps.length} steps could be walked for ${journey.steps.length} only`,
      );
    return storyOf(world, subject, journey);
  });

/** The same as a page that is one file. */
export const pageOfRun = (setting: Setting, subject: Subject, trace: Trace): string =>
  pageOf(storyOfRun(setting, subject, trace), {
    transcript: traceText(trace, subject.broken !== null, 100, unpainted),
    live: null,
  });
