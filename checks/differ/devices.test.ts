import { agree, type Expected } from './agreeing.ts';
import { devices } from './compared.ts';
import { fieldAt, without, type Mutation } from './mutated.ts';

/** Nodes through which the rest of the kernel comes in without asking the gate. */
const HK_QUEUE = 0x02;

/** What comes by the hooks of a firewall is not queued. */
const direct: Mutation = (real) => ({
  store: ((arena: Int32Array, address: number, value: number) =>
    real.store(arena, address, fieldAt(address) === 'hk_flags' ? value & ~HK_QUEUE : value)) as typeof Atomics.store,
});

const mutants: Expected['mutants'] = {
  'ipfw-connect': [['does not queue what comes by a hook of the firewall', direct, 400]],
  'ipfw-shutdown': [
    ['does not say that the node of the firewall has gone', without('store', 'ng_ipfw_input_p')],
    ['frees the hooks that the firewall looks at outside all sections', without('store', 'er_section')],
  ],
  'queue-mix-rmhook': [['gives no reference on a hook back', without('sub', 'hk_refs')]],
};

agree(devices, { mutants, exhausted: {} });
