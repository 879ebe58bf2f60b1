import { useQueryClient } from '@tanstack/preact-query';
import { toApiError } from '../api/api-error.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Button } from '../parts/button.tsx';
import { Message } from '../parts/message.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { useAction } from '../parts/use-action.ts';
import { announce } from '../shell/announcer.tsx';
import { destinationsKey, pauseDestination, testDestination } from './destination-queries.ts';
import type { Destination } from './destination-texts.ts';

/** Tests a destination, and pauses or resumes it. */
export function DestinationActions({ destination: { id, status } }: { readonly destination: Destination }) {
  const client = useQueryClient();
  const isPaused = status === 'paused';
  const test = useAction({ run: () => testDestination(id) });
  const pause = useAction({
    run: () => pauseDestination(id, !isPaused),
    onSuccess: async () => {
      announce(isPaused ? 'Sending was resumed' : 'Sending was paused');
      await client.invalidateQueries({ queryKey: destinationsKey });
    },
  });
  const error = test.error ?? pause.error;
  return (
    <>
      {error !== null && <Failure error={toApiError(error)} what="It was refused" />}
      {test.data !== undefined && <Tested {...test.data} />}
      <div class="actions">
        <Button
          isBusy={test.isPending}
          onClick={() => {
            test.mutate();
          }}
        >
          {test.isPending ? 'Testing…' : 'Test'}
        </Button>
        <Button
          isBusy={pause.isPending}
          onClick={() => {
            pause.mutate();
          }}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
      </div>
    </>
  );
}

const stepTexts: Readonly<Record<string, string>> = {
  resolve: 'Find its address',
  connect: 'Connect',
  authenticate: 'Sign in',
  authorize: 'Get permission',
  send: 'Send',
};

function Tested({ succeeded, steps }: AnswerTo<'TestDestination'>) {
  const failed = steps.find((step) => !step.succeeded);
  return (
    <Message
      tone={succeeded ? 'good' : 'bad'}
      title={succeeded ? 'The destination accepts records' : (failed?.nextStep ?? 'The test failed')}
    >
      <ol>
        {steps.map(({ step, detail, ...one }) => (
          <li key={step}>
            {stepTexts[step] ?? step}: {one.succeeded ? 'done' : 'failed'}. <Text>{detail}</Text>
          </li>
        ))}
      </ol>
    </Message>
  );
}
