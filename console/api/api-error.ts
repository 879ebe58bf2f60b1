/** What the API said when it refused a call, or why there was no answer. */

/** A refusal in the API's own words, which say what to do. */
export class ApiError extends Error {
  /** 0: there was no answer. */
  readonly status: number;
  readonly code: string;
  /** Finds the call in the log of the operator; undefined without an answer. */
  readonly requestId: string | undefined;

  constructor(
    status: number,
    { code, message }: { readonly code: string; readonly message: string },
    requestId?: string,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** Of anything that was thrown on the way to an answer. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = 'The app did not answer. Check the connection, and try again.';
  return new ApiError(0, { code: 'NoAnswer', message });
}

/** Whether another try may help without anyone doing anything: the app was out of reach, busy, or broken for a moment. */
export function isTransient({ status }: ApiError): boolean {
  return status === 0 || status === 429 || status >= 500;
}
