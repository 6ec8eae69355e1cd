import type { Property } from '../machine/property.ts';
import { atEndOf, importing } from './insertion.ts';

/** A claim of your own: a file in spec/claims and its entry in spec/properties.ts, so that every check makes it. */
export type NewProperty = { readonly name: string; readonly kind: Property['kind'] };

/** Name of the constant and of its file: `no-stale-peer` is noStalePeer. */
export const constantOf = (name: string): string =>
  name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Whether a constant can have this name in files of this text: it is no word of the language, and nothing there is called so. */
export const isFree = (constant: string, text: string): boolean =>
  !reserved.includes(constant) && !new RegExp(`\\b${constant}\\b`).test(text);

const reserved =
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  );

const when: Readonly<Record<Property['kind'], string>> = {
  always: 'It must be true in every state.',
  finally: 'It must be true in every state in which nothing can happen any more.',
  sometimes: 'It must be true in one state at least: else the check has not seen what it is about.',
  eventually: 'Every fair run must come to a state in which it is true.',
};

/** The file of the claim. It is broken until it is written: a claim that cannot fail would be worse than none. */
export const claimText = ({
  name,
  kind,
}: NewProperty): string => `import type { Property } from '../../src/machine/property.ts';
import { ng_deadnode, Node } from '../node.ts';
import { firstOf, isLive } from './reading.ts';

/** Say here which lines of the C rely on it, and what goes wrong without it. */
export const ${constantOf(name)}: Property = {
  name: '${name}',
  // ${when[kind]}
  kind: '${kind}',
  // In the words of the C; it goes on from "It must hold that …".
  sentence: 'say here what holds',
  // Records are read as procedures read them, but reading is no step here. true, or a text that says what is wrong and with whom.
  holds: (view) =>
    firstOf(
      view
        .records(Node)
        .map((node) =>
          node === ng_deadnode || !isLive(view, node) ? null : \`\${view.title(node)}: ${name} is not written yet\`,
        ),
    ),
};
`;

/** spec/properties.ts with the claim in it. Throws a Complaint when the file has lost the place for it. */
export const withProperty = (source: string, path: string, { name }: NewProperty): string =>
  atEndOf(
    importing(source, `import { ${constantOf(name)} } from './claims/${constantOf(name)}.ts';`),
    'export const properties: readonly Property[] = [',
    `  ${constantOf(name)},`,
    path,
  );
