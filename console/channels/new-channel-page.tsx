import { useQueryClient } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { toApiError, type ApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { useAction } from '../parts/use-action.ts';
import { announce } from '../shell/announcer.tsx';
import { Page } from '../shell/page.tsx';
import { oneOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { aboveChannels } from './channel-texts.ts';
import { channelKinds, kindNames } from './kind-fields.ts';
import { bodyOf, emptyDraft, fieldIn, type ChannelDraft } from './new-channel.ts';
import { channelsKey, createChannel } from './queries.ts';
import { MatterFields, PacingFields } from './routing-fields.tsx';
import { SettingsFields } from './settings-fields.tsx';

const schema = { kind: oneOf(kindNames, 'teams') } as const;
const kindOptions = kindNames.map((value) => ({ value, text: channelKinds[value].title }));

/** Creates a channel. Its kind is in the address; what is entered stays when that changes. */
export function NewChannelPage() {
  const [{ kind }, change] = useUrlState(schema);
  const [draft, setDraft] = useState(() =>
    emptyDraft(kind, Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const current = { ...draft, kind };
  const set = (changes: Partial<ChannelDraft>) => {
    setDraft({ ...current, ...changes });
  };
  const create = useCreate(current);
  return (
    <Page
      title="Create a channel"
      above={[aboveChannels, { href: '/console/channels', text: 'Channels' }]}
      about="Store its secrets in the Key Vault of the deployment first, under names that begin with channel-."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate();
        }}
      >
        <Section title="Channel">
          <Field
            label="Name"
            value={draft.displayName}
            isRequired
            onInput={(displayName) => {
              set({ displayName });
            }}
          />
          <Choice
            label="Kind"
            value={kind}
            options={kindOptions}
            onChange={(chosen) => {
              change({ kind: chosen }, { push: true });
            }}
          />
          <SettingsFields draft={current} onChange={set} />
        </Section>
        <Section title="What is sent">
          <MatterFields draft={current} onChange={set} />
          <PacingFields draft={current} onChange={set} />
          {create.error !== null && (
            <Failure error={toApiError(create.error)} what={failureText(kind, toApiError(create.error))} />
          )}
          <div>
            <Button kind="primary" type="submit" isBusy={create.isPending}>
              {create.isPending ? 'Creating…' : 'Create the channel'}
            </Button>
          </div>
        </Section>
      </form>
    </Page>
  );
}

/** Settings have other names in the API than on the page. */
function failureText(kind: ChannelDraft['kind'], { message }: ApiError): string {
  const field = fieldIn(kind, message);
  return `The channel could not be created${field === undefined ? '' : `: see "${field}"`}`;
}

/** The page of the channel, where it is tested, is next. */
function useCreate(draft: ChannelDraft) {
  const client = useQueryClient();
  const { route } = useLocation();
  return useAction({
    run: () => createChannel(bodyOf(draft)),
    onSuccess: async ({ id }) => {
      announce('The channel was created');
      route(`/console/channels/${id}`);
      await client.invalidateQueries({ queryKey: channelsKey });
    },
  });
}
