/** Something that must never happen has happened in an arena: a mistake here, or of who uses a pointer that he has given back. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
