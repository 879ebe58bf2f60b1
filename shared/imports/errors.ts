/** Why a file cannot be taken as audit records. */

/** The message follows the file's name: it says where and what is wrong and what to do, and quotes no content. */
export class UnreadableFileError extends Error {
  override readonly name: string = 'UnreadableFileError';
}

/** The text has more than may be read of it. */
export class TooMuchTextError extends UnreadableFileError {
  override readonly name = 'TooMuchTextError';

  constructor(rows: number) {
    const where = rows === 0 ? '' : ` after row ${rows}, and import the rest`;
    super(`has more text than one import reads: split it${where}`);
  }
}

/** Whether the message begins with the place of the error, such as `line 2: …`; otherwise, it says something of the file. */
export function startsWithPlace(message: string): boolean {
  return /^(?:line|element|the row) /.test(message);
}
