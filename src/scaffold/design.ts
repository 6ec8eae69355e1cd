import { atEndOf } from './insertion.ts';

/** A design of your own: an entry of `own` in spec/designs.ts and, if asked for, a switch for what its C does differently. */
export type NewDesign = {
  readonly name: string;
  /** What it is made of: a design that is there, and the object of spec/designs.ts that has it. */
  readonly base: string;
  readonly from: 'published' | 'repairing';
  /** A switch that no other design has on. */
  readonly added: string | undefined;
  readonly off: readonly string[];
};

/** spec/designs.ts with the design in it. Throws a Complaint when the file has lost the place for it. */
export const withDesign = (source: string, path: string, design: NewDesign): string => {
  const { added } = design;
  const switched =
    added === undefined ? source : atEndOf(source, 'export const switches = {', switchText(added, design.name), path);
  return atEndOf(switched, 'const own: Readonly<Record<string, Design>> = {', designText(design), path);
};

const switchText = (name: string, design: string): string => `
  // Of ${design}. Where the C differs, a procedure asks: if (given('${name}')) …
  ${key(name)}: 'say here what the C does where this is on, with its lines (ng_base.c:LINE)',`;

const designText = ({ name, base, from, added, off }: NewDesign): string => {
  const others = [...off.map((each) => `'${each}': false`), ...(added === undefined ? [] : [`${key(added)}: true`])];
  const whole = from === 'published' ? `published${member(base)}` : `repairing['${base}']!`;
  return `  ${key(name)}: {
    // For a reader who knows the C: which version it is, and what it changes.
    description: 'as ${base}, but say here what is different',
    // What stands last counts; "npx netgraph-mc explain SWITCH" says what one is.
    switches: {
${[`...${whole}.switches`, ...others].map((each) => `      ${each},`).join('\n')}
    },
  },`;
};

/** As prettier writes them: quoted only where they must be. */
const isWord = (name: string): boolean => /^[a-z][a-z0-9]*$/.test(name);
const key = (name: string): string => (isWord(name) ? name : `'${name}'`);
const member = (name: string): string => (isWord(name) ? `.${name}` : `['${name}']`);
