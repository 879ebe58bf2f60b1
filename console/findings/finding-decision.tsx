import { useQueryClient } from '@tanstack/preact-query';
import { useRef, useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { useAction } from '../parts/use-action.ts';
import { announce } from '../shell/announcer.tsx';
import { stateTexts, type Finding } from './finding-texts.ts';
import { changeFinding, findingsKey, type Decision } from './queries.ts';

/** What people made of a finding: who, when, and why; and what may become of it now. */
export function FindingDecision({ finding }: { readonly finding: Finding }) {
  const { state, changedBy, changedDateTime, reason } = finding;
  const said = useRef<HTMLDivElement>(null);
  const change = useChange(finding, () => said.current?.focus());
  const { tone, text } = stateTexts[state];
  return (
    <Section title="State" side={<Badge tone={tone}>{text}</Badge>}>
      <div ref={said} tabIndex={-1}>
        {changedDateTime === undefined ? (
          <p>No one has read it yet.</p>
        ) : (
          <p>
            {text} by <Text most={100}>{changedBy ?? 'someone'}</Text> <Moment at={changedDateTime} />
          </p>
        )}
        {reason !== undefined && (
          <p>
            Reason: <Text most={500}>{reason}</Text>
          </p>
        )}
      </div>
      {change.error !== null && <Failure error={toApiError(change.error)} what="The state was not changed" />}
      {state === 'closed' ? (
        <div>
          <Button
            isBusy={change.isPending}
            onClick={() => {
              change.to({ state: 'new' });
            }}
          >
            Reopen
          </Button>
        </div>
      ) : (
        <CloseForm key={state} isNew={state === 'new'} change={change} />
      )}
    </Section>
  );
}

interface Change {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly to: (decision: Decision) => void;
}

/** @param onChanged the buttons that had the focus are gone */
function useChange(finding: Finding, onChanged: () => void): Change {
  const client = useQueryClient();
  const wanted = useRef<Decision>({ state: 'seen' });
  const action = useAction({
    run: () => changeFinding(finding, wanted.current),
    onSuccess: async (changed) => {
      client.setQueryData([...findingsKey, finding.tenantId, finding.id], changed);
      announce(`The finding is now: ${stateTexts[changed.state].text}`);
      onChanged();
      await client.invalidateQueries({ queryKey: [...findingsKey, 'list'] });
    },
  });
  return {
    ...action,
    to: (decision) => {
      if (action.isPending) return;
      wanted.current = decision;
      action.mutate();
    },
  };
}

function CloseForm({ isNew, change }: { readonly isNew: boolean; readonly change: Change }) {
  const [reason, setReason] = useState('');
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        change.to({ state: 'closed', reason: reason.trim() });
      }}
    >
      <Field
        label="Reason for closing it"
        value={reason}
        onInput={setReason}
        hint="It is shown here and sent to channels, which close tickets and incidents."
        isRequired
      />
      <div class="actions">
        <Button kind="primary" type="submit" isBusy={change.isPending}>
          Close the finding
        </Button>
        <Button
          isBusy={change.isPending}
          onClick={() => {
            change.to({ state: isNew ? 'seen' : 'new' });
          }}
        >
          {isNew ? 'Mark as seen' : 'Mark as new'}
        </Button>
      </div>
    </form>
  );
}
