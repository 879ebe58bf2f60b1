/** Auditkeep's errors. Each one tells the caller how to react. */

/** A setting is missing or invalid, so the app must not start. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The request cannot be served. Becomes the HTTP response `{error: {code, message, target}}`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { target?: string; headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.target = options.target;
    this.headers = options.headers ?? {};
  }
}

/**
 * Builds the 400 for an invalid parameter or body member.
 * @param target the parameter's name
 * @param message what is wrong and what to send instead
 */
export function invalidParameter(target: string, message: string): RequestError {
  return new RequestError(400, 'InvalidParameter', message, { target });
}

/**
 * What to do about an error from Microsoft:
 * `retry` later; `pause` the whole tenant (throttled); `renewToken` once; `startSubscription` then retry once;
 * `done` already (success); `gone` permanently, record a gap; `waitForAuditing`: the audit log is off, retry in
 * hours; `fail`: retrying does not help, show the message.
 */
export type UpstreamAction =
  'retry' | 'pause' | 'renewToken' | 'startSubscription' | 'done' | 'gone' | 'waitForAuditing' | 'fail';

/** Microsoft refused or could not be reached. The message never contains record content or a token. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly action: UpstreamAction;
  /** Microsoft's own code (`AF20050`, `AADSTS7000215` …), or the network error's. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  /** What an operator can do about it, if known. */
  readonly cure: string | undefined;

  constructor(
    action: UpstreamAction,
    code: string,
    message: string,
    options: { retryAfterMs?: number | undefined; cure?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.action = action;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.cure = options.cure;
  }

  /** Whether a later attempt may succeed. */
  get isTransient(): boolean {
    return this.action === 'retry' || this.action === 'pause';
  }
}

/** @param what did not happen in time: the beginning of a sentence */
export function budgetSpent(what: string): UpstreamError {
  return new UpstreamError('retry', 'BudgetSpent', `${what} before the time budget ended.`);
}

/** For `catch`: turns a refusal by Microsoft into a result, and rethrows all other errors. */
export function onRefusal<T>(handle: (refusal: UpstreamError) => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof UpstreamError) return handle(error);
    throw error;
  };
}

/** The action for an HTTP status from Microsoft whose body has no error code. */
export function actionOfStatus(status: number): UpstreamAction {
  if (status === 401) return 'renewToken';
  if (status === 429) return 'pause';
  return status === 408 || status >= 500 ? 'retry' : 'fail';
}

/** A content blob's body is not a JSON array of objects. The message says where, and never quotes it. */
export class MalformedContentError extends Error {
  override readonly name = 'MalformedContentError';
}
