import { useQueryClient } from '@tanstack/preact-query';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import type { Tone } from '../parts/tone.ts';
import { Button } from '../parts/button.tsx';
import { saveAs } from '../parts/download.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Empty, Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { useRefusalIn } from '../session/use-permissions.ts';
import { announce } from '../shell/announcer.tsx';
import { ingestionKey, useRejectedBodies } from './queries.ts';
import { useAction } from '../parts/use-action.ts';

type Body = AnswerTo<'ListRejectedBodies'>['value'][number];

const states: Readonly<Record<Body['state'], { readonly tone: Tone; readonly text: string }>> = {
  retrying: { tone: 'busy', text: 'Is fetched again' },
  lost: { tone: 'bad', text: 'Lost' },
  givenUp: { tone: 'neutral', text: 'Given up' },
};

/** Content blobs that could not be read as a whole, with what landed of them. */
export function RejectedTab({ tenantId }: { readonly tenantId: string }) {
  const bodies = useRejectedBodies(tenantId);
  return (
    <Loaded query={bodies} what="rejected bodies">
      {(value) =>
        value.length === 0 ? (
          <Empty icon="check" title="Every body could be read">
            <p>A content blob is listed here if what Microsoft sent for it is damaged.</p>
          </Empty>
        ) : (
          <Section
            title="Rejected bodies, newest first"
            side={
              bodies.hasMore && (
                <Button isBusy={bodies.isAsking} onClick={bodies.more}>
                  Load more
                </Button>
              )
            }
          >
            <ul class="rows">
              {value.map((body) => (
                <Row key={body.bodyId} tenantId={tenantId} body={body} />
              ))}
            </ul>
          </Section>
        )
      }
    </Loaded>
  );
}

interface RowProps {
  readonly tenantId: string;
  readonly body: Body;
}

function Row({ tenantId, body }: RowProps) {
  const { tone, text } = states[body.state];
  return (
    <li>
      <div class="stack tight">
        <strong>{body.contentType}</strong>
        <p>
          <Text>{body.fault}</Text>
        </p>
        <p>
          {countOf(body.recordsLanded, 'whole record', 'was', 'were')} collected
          {body.rejectedParts !== undefined &&
            `; ${countOf(body.rejectedParts, 'part', 'is', 'are')} not readable`}
          .
        </p>
        {body.givenUpReason !== undefined && (
          <p>
            Given up: <Text>{body.givenUpReason}</Text>
          </p>
        )}
        <p class="fine">
          Published <Moment at={body.contentCreatedDateTime} />
        </p>
        {body.nextAttemptDateTime !== undefined && (
          <p class="fine">
            Fetched next <Moment at={body.nextAttemptDateTime} />
          </p>
        )}
        <Actions tenantId={tenantId} body={body} />
      </div>
      <Badge tone={tone}>{text}</Badge>
    </li>
  );
}

function countOf(count: number, noun: string, is: string, are: string): string {
  return count === 1 ? `1 ${noun} ${is}` : `${count.toLocaleString('en')} ${noun}s ${are}`;
}

function Actions({ tenantId, body: { bodyId, state } }: RowProps) {
  const client = useQueryClient();
  const params = { path: { tenantId, bodyId } };
  const refusal = useRefusalIn(tenantId, 'ReleaseRejectedBody');
  const release = useAction({
    run: () => answerOf(api.POST('/tenants/{tenantId}/rejectedBodies/{bodyId}/release', { params })),
    onSuccess: async () => {
      announce('It is fetched by the next poll');
      await client.invalidateQueries({ queryKey: [...ingestionKey, tenantId] });
    },
  });
  const download = useAction({
    run: () =>
      answerOf(api.GET('/tenants/{tenantId}/rejectedBodies/{bodyId}/content', { params, parseAs: 'blob' })),
    onSuccess: (content) => {
      saveAs(`rejected-${bodyId}`, content);
    },
  });
  const error = release.error ?? download.error;
  return (
    <>
      {error !== null && <Failure error={toApiError(error)} what="It was refused" />}
      <div class="actions">
        {state !== 'givenUp' && (
          <Button
            isBusy={release.isPending}
            refusal={refusal}
            onClick={() => {
              release.mutate();
            }}
          >
            Try again now
          </Button>
        )}
        <Button
          isBusy={download.isPending}
          onClick={() => {
            download.mutate();
          }}
        >
          Download as received
        </Button>
      </div>
    </>
  );
}
