import { agree, type Expected } from './agreeing.ts';
import { answered } from './compared.ts';
import { without } from './mutated.ts';

/** Questions and their answers: the library reads for them what the specification reads, and an answer that nobody waits for is given back. */
const mutants: Expected['mutants'] = {
  'listhooks-rmhook': [
    ['looks at peers outside all sections', without('store', 'er_section')],
    ['does not leave the gate as a reader', without('sub', 'q_flags')],
    ['keeps the lock under which it looks for who has asked', without('sub', 'ng_idhash_lock')],
  ],
  'tee-connect': [['does not leave the gate as a writer', without('and', 'q_flags')]],
  'mkpeer-failing': [['keeps a node that its constructor refuses', without('sub', 'nd_refs')]],
};
/** Small enough for every interleaving: the states of both together. */
const exhausted = {
  listnodes: 12,
  'mkpeer-failing': 6_799,
  'mkpeer-failing-alone': 13,
};

agree(answered, { mutants, exhausted });
