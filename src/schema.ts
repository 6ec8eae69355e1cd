import { Ajv2020, type ErrorObject, type AnySchemaObject } from 'ajv/dist/2020.js';
import { Complaint } from './complaint.ts';
import { didYouMean, quoted } from './suggestion.ts';

/** Version of everything that is printed as JSON or saved: it grows when a field changes its meaning or goes away. */
export const schemaVersion = 1 as const;

/**
 * Checks a value that came from a file against a JSON schema, and says in one sentence what is wrong with it. Of all that a
 * validator has to say about an object that fits none of several forms, the complaint that lies deepest is about the form
 * that was meant.
 */
export const validator = <T>(schema: AnySchemaObject): ((value: unknown, file: string) => T) => {
  const validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema);
  return (value, file) => {
    if (validate(value)) return value as T;
    throw new Complaint(`${file}: ${sentence(validate.errors ?? [])}`);
  };
};

/** Keywords that only say "one of the alternatives", whose own complaints say more. */
const containers = new Set(['anyOf', 'oneOf', 'if', 'not']);

const sentence = (errors: readonly ErrorObject[]): string => {
  const telling = errors.filter(({ keyword }) => !containers.has(keyword));
  const candidates = telling.length > 0 ? telling : errors;
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const deepest = Math.max(...candidates.map(depth));
  const there = candidates.filter(
    (error) => depth(error) === deepest && error.instancePath === first(candidates, deepest, depth),
  );
  const path = there[0]!.instancePath;
  return `${path === '' ? 'the file' : path} ${unknownKey(there) ?? missingKey(there) ?? complaint(there)}`;
};

const first = (errors: readonly ErrorObject[], deepest: number, depth: (error: ErrorObject) => number): string =>
  errors.find((error) => depth(error) === deepest)!.instancePath;

/** A key that none of the forms has. */
const unknownKey = (errors: readonly ErrorObject[]): string | null => {
  const known = [
    ...new Set(errors.flatMap(({ parentSchema }) => Object.keys((parentSchema?.properties ?? {}) as object))),
  ];
  const unknown = errors
    .filter(({ keyword }) => keyword === 'additionalProperties' || keyword === 'unevaluatedProperties')
    .map(({ params }) => String(params.additionalProperty ?? params.unevaluatedProperty))
    .find((key) => !known.includes(key));
  if (unknown === undefined) return null;
  return `has "${unknown}", which means nothing there; known are ${quoted(known)}.${didYouMean(unknown, known)}`;
};

const missingKey = (errors: readonly ErrorObject[]): string | null => {
  const missing = [
    ...new Set(
      errors.filter(({ keyword }) => keyword === 'required').map(({ params }) => String(params.missingProperty)),
    ),
  ];
  if (missing.length === 0) return null;
  return errors.some(({ schemaPath }) => /\/(?:one|any)Of\//.test(schemaPath)) && missing.length > 1
    ? `needs one of ${quoted(missing)}.`
    : `lacks ${quoted(missing)}.`;
};

const complaint = (errors: readonly ErrorObject[]): string => {
  const allowed = errors.flatMap(({ keyword, params }) =>
    keyword === 'enum'
      ? (params.allowedValues as unknown[])
      : keyword === 'const'
        ? [params.allowedValue as unknown]
        : [],
  );
  const { keyword, params, message, data } = errors[0]!;
  if (allowed.length > 0) {
    const words = allowed.map(String);
    return `is ${JSON.stringify(data)}, but can only be ${allowed.map((value) => JSON.stringify(value)).join(', ')}.${didYouMean(String(data), words)}`;
  }
  if (keyword === 'type') {
    const types = [
      ...new Set(errors.filter((e) => e.keyword === 'type').flatMap((e) => e.params.type as string | string[])),
    ];
    return `is ${JSON.stringify(data)}, but should be ${types.map(withArticle).join(' or ')}.`;
  }
  return `${keyword === 'pattern' ? `is ${JSON.stringify(data)}, which ` : ''}${message ?? `breaks ${keyword} ${JSON.stringify(params)}`}.`;
};

const withArticle = (type: string): string => `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`;
