/** The ways a command ends without a result; every other error is a defect. */

/** Exit code 1. The message is for the operator: what is wrong and what to do about it. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  /** What `--json` prints in place of a result; undefined for nothing. */
  readonly answer: unknown;

  constructor(message: string, options: { readonly cause?: unknown; readonly answer?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.answer = options.answer;
  }
}

/** Exit code 2: an argument or a setting is missing or invalid. The message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit code 2: npm took an option for itself. The message ends with the command to write. */
export class TakenByNpmError extends UsageError {}
