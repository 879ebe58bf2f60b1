/** What ends the command with exit code 1: something was refused or could not be reached. */

/** The message is what the user reads: what is wrong and what to do. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
}

interface Refusal {
  /** Undefined when there was no answer at all. */
  readonly status?: number | undefined;
  /** The API's own code. */
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The path that the answer's Location names. */
  readonly locationPath?: string | undefined;
  /** What the API answered, if it was JSON. */
  readonly body?: unknown;
  /** Trying again may help. */
  readonly mayPass: boolean;
}

/** The API refused, or did not answer. The message holds neither the key nor more than a line of the answer. */
export class ApiFailure extends Failure {
  override readonly name = 'ApiFailure';
  readonly refusal: Refusal;

  constructor(message: string, refusal: Refusal) {
    super(message);
    this.refusal = refusal;
  }
}
