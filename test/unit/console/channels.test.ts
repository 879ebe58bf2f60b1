/** The forms of channels: they have the settings that the API takes, and no others. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  channelKinds,
  channelKindText,
  kindNames,
  type ChannelKind,
} from '../../../console/channels/kind-fields.ts';
import {
  bodyOf,
  emptyDraft,
  fieldIn,
  settingsOf,
  type ChannelDraft,
} from '../../../console/channels/new-channel.ts';
import { createChannel } from '../../../shared/api/channels.ts';
import { autotask } from '../../../shared/channels/kinds/autotask.ts';
import { azureMail } from '../../../shared/channels/kinds/azure-mail.ts';
import { connectWise } from '../../../shared/channels/kinds/connect-wise.ts';
import { graphMail } from '../../../shared/channels/kinds/graph-mail.ts';
import { haloPsa } from '../../../shared/channels/kinds/halo-psa.ts';
import { channelKindNames } from '../../../shared/channels/kinds/kinds.ts';
import { pagerDuty } from '../../../shared/channels/kinds/pager-duty.ts';
import { serviceNow } from '../../../shared/channels/kinds/service-now.ts';
import { slack } from '../../../shared/channels/kinds/slack.ts';
import { teams } from '../../../shared/channels/kinds/teams.ts';
import { webhook } from '../../../shared/channels/kinds/webhook.ts';
import { fabrikamId } from '../../support/tenants.ts';

const kinds = {
  ...{ azureMail, graphMail, teams, slack, pagerDuty, webhook, haloPsa, connectWise, autotask, serviceNow },
} as const;

const guid = '0192f5c0-1111-4222-8333-444455556660';
const sysId = '0123456789abcdef0123456789abcdef';

/** What someone enters, where any text of the kind of the field would be refused. */
const entered: Readonly<Record<string, string>> = {
  ...{ endpoint: 'https://contoso.europe.communication.azure.com', url: 'https://contoso.example' },
  ...{ sender: 'alerts@contoso.example', recipients: 'soc@contoso.example,desk@contoso.example' },
  ...{ clientId: guid, assignmentGroup: sysId, closedState: '7', table: 'incident' },
  ...{ 'credential.header': 'X-Api-Key', 'credential.prefix': 'nothing', template: '{"title": "{{title}}"}' },
};

function enteredFor({ name, as, options }: (typeof channelKinds)[ChannelKind]['fields'][number]): string {
  if (as === 'secret') return 'channel-one';
  if (as === 'number') return '7';
  if (as === 'flag') return 'true';
  return entered[name] ?? options?.[0]?.value ?? 'Something';
}

function filled(kind: ChannelKind, isWanted: (isOptional: boolean) => boolean): ChannelDraft {
  const fields = channelKinds[kind].fields.filter(
    ({ isOptional, name }) => isWanted(isOptional === true) && name !== 'certificateAuthority',
  );
  const settings = Object.fromEntries(fields.map((field) => [field.name, enteredFor(field)]));
  const company = kind === 'serviceNow' ? sysId : '42';
  return {
    ...emptyDraft(kind, 'Europe/Berlin'),
    displayName: 'One',
    settings,
    companies: { [fabrikamId]: company, [guid]: ' ' },
  };
}

describe.each(kindNames)('the form of a channel of the kind %s', (kind) => {
  const { settings: schema, followsMatters, title } = kinds[kind];

  it('has a field for each setting of the API', () => {
    const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const names = new Set(channelKinds[kind].fields.map(({ name }) => name.split('.')[0]));
    expect([...names].sort()).toEqual(Object.keys(properties ?? {}).sort());
  });

  it('makes settings that the API takes, with everything and with what is needed', () => {
    for (const draft of [filled(kind, () => true), filled(kind, (isOptional) => !isOptional)]) {
      expect(schema.safeParse(settingsOf(draft)).error).toBeUndefined();
      expect(createChannel.body.safeParse(bodyOf(draft)).error).toBeUndefined();
    }
  });

  it('knows its title, and whether it follows matters', () => {
    expect([channelKinds[kind].title, channelKinds[kind].followsMatters]).toEqual([title, followsMatters]);
    expect(channelKindText(kind)).toBe(title);
  });
});

describe('a channel that is made', () => {
  it('may be of any kind of the API', () => {
    expect(kindNames).toEqual(channelKindNames);
    expect(channelKindText('later')).toBe('later');
  });

  it('has no company for a tenant without one, and no header without a secret', () => {
    expect(settingsOf(filled('haloPsa', () => true))).toMatchObject({ companies: { [fabrikamId]: 42 } });
    const { credential } = settingsOf({
      ...filled('webhook', () => true),
      settings: { url: 'https://contoso.example' },
    });
    expect(credential).toBeUndefined();
    expect(settingsOf(filled('webhook', () => true))).toMatchObject({ credential: { prefix: '' } });
  });

  it('says which field a refusal of the API is about', () => {
    expect(fieldIn('webhook', "'settings.url' must be an https:// address.")).toBe('Address');
    expect(fieldIn('haloPsa', "'settings.companies.1' must be a GUID.")).toBe('Client IDs by tenant');
    expect(fieldIn('haloPsa', "'displayName' is required.")).toBeUndefined();
  });

  it('waits for its times: quiet hours, a digest a day, and none where matters are followed', () => {
    const draft = {
      ...emptyDraft('teams', 'Europe/Berlin'),
      digest: 'day',
      quietFrom: '18:00',
      quietTo: '07:30',
    } as const;
    expect(bodyOf(draft)).toMatchObject({
      quietHours: { timeZone: 'Europe/Berlin', from: '18:00', to: '07:30' },
      digest: { every: 'day', timeZone: 'Europe/Berlin', at: '08:00' },
    });
    expect(bodyOf({ ...draft, digest: 'hour' }).digest).toEqual({ every: 'hour' });
    expect(bodyOf({ ...draft, kind: 'pagerDuty' }).digest).toBeUndefined();
    expect(bodyOf({ ...draft, urgentFrom: 'critical' }).urgentFrom).toBe('critical');
  });
});
