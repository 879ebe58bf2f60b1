import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import type { Destination } from './destination-texts.ts';

interface DestinationStateProps {
  readonly destination: Pick<
    Destination,
    'lastError' | 'nextStep' | 'failingSinceDateTime' | 'nextAttemptDateTime'
  >;
  /** What it is, such as a channel. */
  readonly what?: string;
}

/** Why nothing is sent for now, and what to do about it; nothing if records are sent. */
export function DestinationState({ destination, what = 'destination' }: DestinationStateProps) {
  const { lastError, nextStep, failingSinceDateTime, nextAttemptDateTime } = destination;
  if (lastError === undefined) return null;
  return (
    <Message
      tone={nextStep === undefined ? 'warning' : 'bad'}
      title={nextStep ?? `The ${what} cannot be reached now`}
    >
      <p>
        <Text>{lastError}</Text>
      </p>
      {failingSinceDateTime !== undefined && (
        <p class="fine">
          Since <Moment at={failingSinceDateTime} />
        </p>
      )}
      {nextAttemptDateTime !== undefined && (
        <p class="fine">
          What waits is sent with the next attempt: <Moment at={nextAttemptDateTime} />
        </p>
      )}
    </Message>
  );
}
