/** What is used here of the WebAssembly JavaScript interface; lib.dom has it, which knows of more than there is in Node.js. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(size: { readonly initial: number; readonly maximum: number; readonly shared: true });
    readonly buffer: SharedArrayBuffer;
  }
  class Table {
    constructor(size: { readonly element: 'anyfunc'; readonly initial: number });
    set(index: number, value: unknown): void;
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: object;
  }
}
