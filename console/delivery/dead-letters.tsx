import { toApiError } from '../api/api-error.ts';
import { useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import type { AnswerTo } from '../api/paths.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { useAction } from '../parts/use-action.ts';
import { announce } from '../shell/announcer.tsx';
import {
  destinationsKey,
  discardDeadLetters,
  replayDeadLetters,
  useDeadLetters,
} from './destination-queries.ts';

type Letter = AnswerTo<'ListDeadLetters'>['value'][number];

/** Records that the destination refuses, and the buttons that send them again or discard the list. */
export function DeadLetters({ destinationId }: { readonly destinationId: string }) {
  const letters = useDeadLetters(destinationId);
  return (
    <Section title="Refused records">
      <Loaded query={letters} what="refused records">
        {({ value }) =>
          value.length === 0 ? (
            <p>The destination has refused no record.</p>
          ) : (
            <>
              <p>
                It accepts the records around these. They are kept: correct the cause, and send them again.
              </p>
              <DataTable
                label="Refused records"
                columns={columns}
                rows={value}
                keyOf={({ tenantId, recordId }) => `${tenantId} ${recordId}`}
                rowHeight={52}
              />
              <LetterActions destinationId={destinationId} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function LetterActions({ destinationId }: { readonly destinationId: string }) {
  const [isAsking, setAsking] = useState(false);
  const changed = useChanged();
  const replay = useAction({
    run: () => replayDeadLetters(destinationId),
    onSuccess: () => changed('The records are sent again soon'),
  });
  const discard = useAction({
    run: () => discardDeadLetters(destinationId),
    onSuccess: () => changed('The list is empty'),
  });
  const error = replay.error ?? discard.error;
  return (
    <>
      {error !== null && <Failure error={toApiError(error)} what="It was refused" />}
      {replay.isSuccess && (
        <p role="status">They are sent again soon. Those that are refused again stay here.</p>
      )}
      <div class="actions">
        <Button
          isBusy={replay.isPending}
          onClick={() => {
            replay.mutate();
          }}
        >
          Send them again
        </Button>
        <Button
          onClick={() => {
            setAsking(true);
          }}
        >
          Discard the list
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title="Discard this list?"
          action="Discard"
          isDanger
          isBusy={discard.isPending}
          onConfirm={() => {
            discard.mutate();
          }}
          onCancel={() => {
            setAsking(false);
          }}
        >
          <p>The destination never gets these records. Auditkeep keeps them.</p>
        </Confirm>
      )}
    </>
  );
}

/** Says what was done, and reads the lists again. */
function useChanged() {
  const client = useQueryClient();
  return async (done: string) => {
    announce(done);
    await client.invalidateQueries({ queryKey: destinationsKey });
  };
}

const columns: readonly Column<Letter>[] = [
  {
    id: 'record',
    title: 'Record',
    width: 'minmax(12rem, 2fr)',
    render: ({ recordId }) => <Text>{recordId}</Text>,
  },
  { id: 'cause', title: 'Cause', width: 'minmax(12rem, 3fr)', render: ({ cause }) => <Text>{cause}</Text> },
  {
    id: 'refused',
    title: 'Refused',
    width: '12rem',
    isExtra: true,
    render: ({ refusedDateTime }) => <Moment at={refusedDateTime} />,
  },
];
