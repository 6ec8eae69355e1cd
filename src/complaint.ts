/** Something that the user can put right: one sentence that says what and where. It ends the command with exit code 3. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}
