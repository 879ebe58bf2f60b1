import { toApiError } from '../api/api-error.ts';
import { answerOf, apiWith } from '../api/client.ts';
import type { Credential } from './session.ts';

/** Why the API does not accept it; undefined if it does, whatever it allows. */
export async function problemWith({ headers }: Credential): Promise<string | undefined> {
  const api = apiWith(await headers());
  return await answerOf(api.GET('/me')).then(
    () => undefined,
    (thrown: unknown) => toApiError(thrown).message,
  );
}
