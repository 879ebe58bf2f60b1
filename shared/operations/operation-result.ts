/** What the result address of an operation answers, for flows that wait for it. */
import { isFinished, nounText, type Operation, type OperationKind } from './operation.ts';

/** Why there is no result: body of a 422. */
export interface OperationFailure {
  readonly code: string;
  readonly message: string;
  readonly details: readonly {
    readonly code?: string | undefined;
    readonly message?: string | undefined;
    readonly target?: string | undefined;
  }[];
}

/**
 * 202 while it runs, 200 with the operation once it succeeded, 422 when it did not: flows repeat 408, 429 and 5xx
 * automatically, and must not mistake a canceled operation for a result. All errors have one shape, so what was done until
 * then is at the address of the operation only.
 */
export type OperationResult =
  { readonly status: 200 | 202 } | { readonly status: 422; readonly error: OperationFailure };

export function resultOf<R, S>(kind: OperationKind<R, S>, one: Operation<R, S>): OperationResult {
  if (!isFinished(one)) return { status: 202 };
  if (one.status === 'Succeeded') return { status: 200 };
  const {
    errorCode,
    errorMessage = `The ${nounText(kind)} was canceled. Its status says what it did until then.`,
  } = one;
  const details = errorCode === undefined ? [] : [{ code: errorCode, message: errorMessage }];
  return { status: 422, error: { code: `${kind.noun}${one.status}`, message: errorMessage, details } };
}
