/** Why a file cannot be taken as audit records. */

/** The message follows the file's name: it says where and what is wrong and what to do, and quotes no content. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}
