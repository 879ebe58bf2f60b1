import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import type { Watch } from './watch-texts.ts';

/** Why a rule of a watch cannot be evaluated; nothing if all can. */
export function WatchFailure({ watch: { lastError, failingSinceDateTime } }: { readonly watch: Watch }) {
  if (lastError === undefined) return null;
  return (
    <Message tone="warning" title="A rule cannot be evaluated, and is skipped; the others are applied">
      <p>
        <Text>{lastError}</Text>
      </p>
      {failingSinceDateTime !== undefined && (
        <p class="fine">
          Since <Moment at={failingSinceDateTime} />
        </p>
      )}
      <p>Create a watch with a rule that is correct, and delete this one.</p>
    </Message>
  );
}
