/** Grants that exist already. */
import type { UpstreamError } from '../../errors.ts';

/** @throws the refusal unless it says that there is nothing to do */
export function alreadyOrThrow(refusal: UpstreamError): 'AlreadyGranted' {
  if (refusal.action === 'done') return 'AlreadyGranted';
  throw refusal;
}
