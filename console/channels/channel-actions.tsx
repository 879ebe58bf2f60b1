import { useQueryClient } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Choice } from '../parts/field.tsx';
import { Message } from '../parts/message.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { useAction } from '../parts/use-action.ts';
import { announce } from '../shell/announcer.tsx';
import { useTenants } from '../tenants/queries.ts';
import type { Channel } from './channel-texts.ts';
import { channelsKey, deleteChannel, pauseChannel, testChannel } from './queries.ts';

/** Tests a channel, pauses or resumes it, and deletes it. */
export function ChannelActions({ channel }: { readonly channel: Channel }) {
  const { id, displayName, status } = channel;
  const [isAsking, setAsking] = useState(false);
  const { pause, remove } = useChanges(channel, () => {
    setAsking(false);
  });
  const error = pause.error ?? remove.error;
  return (
    <>
      {error !== null && <Failure error={toApiError(error)} what="It was refused" />}
      <Test channelId={id} />
      <div class="actions">
        <Button isBusy={pause.isPending} onClick={pause.mutate}>
          {status === 'paused' ? 'Resume' : 'Pause'}
        </Button>
        <Button
          onClick={() => {
            setAsking(true);
          }}
        >
          Delete
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title={`Delete ${displayName}?`}
          action="Delete"
          isDanger
          isBusy={remove.isPending}
          onConfirm={remove.mutate}
          onCancel={() => {
            setAsking(false);
          }}
        >
          <p>What waits is not sent. What was sent stays where it is, and is not closed there later.</p>
        </Confirm>
      )}
    </>
  );
}

/** @param onSettled it was deleted, or that failed */
function useChanges({ id, status }: Channel, onSettled: () => void) {
  const client = useQueryClient();
  const { route } = useLocation();
  const isPaused = status === 'paused';
  const pause = useAction({
    run: () => pauseChannel(id, !isPaused),
    onSuccess: async () => {
      announce(isPaused ? 'Sending was resumed' : 'Sending was paused');
      await client.invalidateQueries({ queryKey: channelsKey });
    },
  });
  const remove = useAction({
    run: () => deleteChannel(id),
    onSuccess: () => {
      announce('The channel was deleted');
      route('/console/channels');
      client.removeQueries({ queryKey: [...channelsKey, id] });
      return client.invalidateQueries({ queryKey: channelsKey, exact: true });
    },
    onSettled,
  });
  return { pause, remove };
}

/** Sends a message to the receiver. */
function Test({ channelId }: { readonly channelId: string }) {
  const [tenantId, setTenantId] = useState('');
  const tenants = useTenants().data?.value ?? [];
  const test = useAction({ run: () => testChannel(channelId, tenantId) });
  return (
    <>
      {test.error !== null && <Failure error={toApiError(test.error)} what="The test was refused" />}
      {test.data !== undefined && <Tested {...test.data} />}
      <div class="filters even">
        <Choice
          label="Test message about"
          value={tenantId}
          options={[
            { value: '', text: 'No tenant: desks make no ticket' },
            ...tenants.map((tenant) => ({ value: tenant.tenantId, text: tenant.displayName })),
          ]}
          onChange={setTenantId}
        />
        <div class="field-button">
          <Button isBusy={test.isPending} onClick={test.mutate}>
            {test.isPending ? 'Sending…' : 'Send a test message'}
          </Button>
        </div>
      </div>
    </>
  );
}

function Tested({ succeeded, detail, nextStep }: AnswerTo<'TestChannel'>) {
  return (
    <Message
      tone={succeeded ? 'good' : 'bad'}
      title={succeeded ? 'The test message was sent' : 'The test message was not sent'}
    >
      <p role="status">
        <Text>{detail}</Text>
      </p>
      {nextStep !== undefined && (
        <p>
          <strong>What to do:</strong> <Text>{nextStep}</Text>
        </p>
      )}
    </Message>
  );
}
