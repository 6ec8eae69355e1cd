import { claims } from '../../spec/properties.ts';
import { engineProperties } from '../machine/operation.ts';

/** The claim that a property makes, in the words of C; null when there is no property of that name. */
export const meaningOf = (property: string): string | null =>
  claims.find(({ name }) => name === property)?.sentence ??
  (engineProperties as Readonly<Record<string, string>>)[property] ??
  null;
