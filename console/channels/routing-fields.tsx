import { severities, severityTexts } from '../findings/finding-texts.ts';
import { Check, Choice, Field } from '../parts/field.tsx';
import { TenantsField } from '../search/tenants-field.tsx';
import { topicTexts } from './channel-texts.ts';
import { channelKinds } from './kind-fields.ts';
import type { ChannelDraft, Topic } from './new-channel.ts';

interface RoutingFieldsProps {
  readonly draft: ChannelDraft;
  readonly onChange: (changes: Partial<ChannelDraft>) => void;
}

const severityOptions = severities.map((value) => ({ value, text: severityTexts[value].text }));
const urgentOptions = [{ value: '', text: 'None' } as const, ...severityOptions];
const digestOptions = [
  { value: 'none', text: 'Each matter at once' },
  { value: 'hour', text: 'One message an hour' },
  { value: 'day', text: 'One message a day' },
] as const;

/** Which matters a channel is for. */
export function MatterFields({ draft, onChange }: RoutingFieldsProps) {
  const { tenants, minimumSeverity, topics } = draft;
  return (
    <>
      <TenantsField
        values={tenants}
        onChange={(changed) => {
          onChange({ tenants: changed });
        }}
      />
      <Choice
        label="Severity, at least"
        value={minimumSeverity}
        options={severityOptions}
        onChange={(severity) => {
          onChange({ minimumSeverity: severity });
        }}
      />
      <fieldset class="checks">
        <legend>Matters</legend>
        {offeredTopics.map((topic) => (
          <Check
            key={topic}
            isChecked={topics.includes(topic)}
            onChange={(isChosen) => {
              onChange({ topics: isChosen ? [...topics, topic] : topics.filter((one) => one !== topic) });
            }}
          >
            {topicTexts[topic]}
          </Check>
        ))}
      </fieldset>
    </>
  );
}

// The table has those that are offered.
const offeredTopics = Object.keys(topicTexts) as readonly Topic[];

/** When messages are sent, and how many. */
export function PacingFields({ draft, onChange }: RoutingFieldsProps) {
  const set = (name: 'digestAt' | 'quietFrom' | 'quietTo' | 'timeZone' | 'floodLimit') => (value: string) => {
    onChange({ [name]: value });
  };
  return (
    <details>
      <summary>When it is sent</summary>
      <div class="stack">
        {!channelKinds[draft.kind].followsMatters && (
          <Choice
            label="Together"
            value={draft.digest}
            options={digestOptions}
            onChange={(digest) => {
              onChange({ digest });
            }}
          />
        )}
        <div class="filters even">
          {draft.digest === 'day' && (
            <Field label="Every day at" type="time" value={draft.digestAt} onInput={set('digestAt')} />
          )}
          <Field label="Quiet from" type="time" value={draft.quietFrom} onInput={set('quietFrom')} />
          <Field label="Quiet until" type="time" value={draft.quietTo} onInput={set('quietTo')} />
          <Field label="Time zone" value={draft.timeZone} onInput={set('timeZone')} />
        </div>
        <Choice
          label="At once, also in quiet hours, from this severity on"
          value={draft.urgentFrom}
          options={urgentOptions}
          onChange={(urgentFrom) => {
            onChange({ urgentFrom });
          }}
        />
        <Field
          label="Messages an hour, at most"
          hint="Further ones become one with their number."
          value={draft.floodLimit}
          onInput={set('floodLimit')}
        />
      </div>
    </details>
  );
}
