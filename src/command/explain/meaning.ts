import { optionalClaims } from '../../../spec/asked.ts';
import { conduct } from '../../../spec/claims/conduct.ts';
import { claims } from '../../../spec/properties.ts';
import { statements, type Statement } from '../../../spec/statements.ts';
import { engineProperties } from '../../machine/operation.ts';
import type { Claim } from '../../machine/conduct.ts';
import { assertions } from './assertion.ts';

const everyClaim: readonly Claim[] = [...claims, ...Object.values(conduct)];

/** The claim that a property makes, in the words of C; null when there is no property of that name. */
export const meaningOf = (property: string): string | null =>
  everyClaim.find(({ name }) => name === property)?.sentence ??
  (engineProperties as Readonly<Record<string, string>>)[property] ??
  null;

/** Whatever can be broken: a claim, what the machine watches by itself, a KASSERT, a panic. */
export type Meaning = {
  readonly name: string;
  readonly kind: Claim['kind'] | 'engine' | 'KASSERT' | 'panic';
  readonly sentence: string;
  /** Whether it is claimed only where a scenario, or the command, asks for it. */
  readonly asked: boolean;
  /** What the C says that this looks after. */
  readonly statements: readonly Statement[];
};

/** All of them: claims in their order, then what the machine watches, then what stands in the procedures. */
export const meanings = (): readonly Meaning[] => [
  ...everyClaim.map(({ name, kind, sentence }) => ({
    name,
    kind,
    sentence,
    asked: (optionalClaims as readonly string[]).includes(name) || Object.hasOwn(conduct, name),
    statements: statements.filter(({ by }) => by.includes(name)),
  })),
  ...Object.entries(engineProperties).map(([name, sentence]) => ({
    name,
    kind: 'engine' as const,
    sentence,
    asked: false,
    statements: statements.filter(({ by }) => by.includes(name)),
  })),
  ...assertions().map(({ name, kind, where }) => ({
    name,
    kind,
    sentence: `stands at ${where}`,
    asked: false,
    statements: statements.filter(({ asserts = [] }) => asserts.includes(name)),
  })),
];
