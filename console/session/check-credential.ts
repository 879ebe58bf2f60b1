import { toApiError } from '../api/api-error.ts';
import { answerOf, apiWith } from '../api/client.ts';
import type { Credential } from './session.ts';

/** What the API says of any key that is not known: why is not for strangers. */
const unknownKey = 'This key is not accepted. It was mistyped or revoked, or it has expired.';

/** Why the API does not accept it; undefined if it does, whatever it allows. */
export async function problemWith({ headers }: Credential): Promise<string | undefined> {
  const api = apiWith(await headers());
  return await answerOf(api.GET('/me')).then(
    () => undefined,
    (thrown: unknown) => {
      const { status, message } = toApiError(thrown);
      return status === 401 ? unknownKey : message;
    },
  );
}
