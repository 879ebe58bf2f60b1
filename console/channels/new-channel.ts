/** A channel that is being made, as fields of a form, and as the API takes it. */
import type { Severity } from '../findings/finding-texts.ts';
import { splitValues } from '../search/lists.ts';
import {
  channelKinds,
  noPrefix,
  type ChannelKind,
  type CompanyField,
  type NewChannel,
  type SettingField,
} from './kind-fields.ts';

export type Topic = NonNullable<NewChannel['topics']>[number];

export interface ChannelDraft {
  readonly displayName: string;
  readonly kind: ChannelKind;
  /** By the names of fields. Lists have commas between values. */
  readonly settings: Readonly<Record<string, string>>;
  /** At the receiver, by the IDs of tenants. */
  readonly companies: Readonly<Record<string, string>>;
  readonly tenants: readonly string[];
  readonly minimumSeverity: Severity;
  readonly topics: readonly Topic[];
  /** Empty: none. */
  readonly urgentFrom: Severity | '';
  readonly floodLimit: string;
  readonly digest: 'none' | 'hour' | 'day';
  /** Time of a digest a day. */
  readonly digestAt: string;
  /** Empty: there are no quiet hours. */
  readonly quietFrom: string;
  readonly quietTo: string;
  readonly timeZone: string;
}

/** With the defaults of the API. @param timeZone by its IANA name */
export function emptyDraft(kind: ChannelKind, timeZone: string): ChannelDraft {
  return {
    displayName: '',
    kind,
    settings: {},
    companies: {},
    tenants: ['*'],
    minimumSeverity: 'medium',
    topics: ['findings'],
    urgentFrom: '',
    floodLimit: '20',
    digest: 'none',
    digestAt: '08:00',
    quietFrom: '',
    quietTo: '',
    timeZone,
  };
}

/** The API says what is wrong with it. */
export function bodyOf(draft: ChannelDraft): NewChannel {
  const { displayName, kind, tenants, minimumSeverity, topics, urgentFrom, quietFrom, quietTo, timeZone } =
    draft;
  const isQuiet = quietFrom !== '' || quietTo !== '';
  return {
    displayName: displayName.trim(),
    kind,
    settings: settingsOf(draft),
    tenants: [...tenants],
    minimumSeverity,
    topics: [...topics],
    floodLimit: Number(draft.floodLimit),
    ...(urgentFrom === '' ? {} : { urgentFrom }),
    ...(isQuiet ? { quietHours: { timeZone, from: quietFrom, to: quietTo } } : {}),
    ...digestOf(draft),
  };
}

function digestOf({ kind, digest, digestAt: at, timeZone }: ChannelDraft): Pick<NewChannel, 'digest'> {
  if (digest === 'none' || channelKinds[kind].followsMatters) return {};
  return { digest: digest === 'hour' ? { every: 'hour' } : { every: 'day', timeZone, at } };
}

type Setting = string | number | boolean | readonly string[] | Readonly<Record<string, string | number>>;
type Settings = Readonly<Record<string, Setting | Readonly<Record<string, Setting>>>>;

/** Without fields that are empty: the API has defaults for those that are optional, and names the others. */
export function settingsOf(draft: ChannelDraft): Settings {
  const { fields } = channelKinds[draft.kind];
  const given = fields.flatMap((field) => {
    const value = settingOf(field, draft);
    return value === undefined || !isWanted(field, draft) ? [] : [[field.name, value] as const];
  });
  const groups = [...new Set(given.flatMap(([name]) => groupOf(name) ?? []))];
  const grouped = groups.map((group) => {
    const own = given.filter(([name]) => groupOf(name) === group);
    return [
      group,
      Object.fromEntries(own.map(([name, value]) => [name.slice(group.length + 1), value])),
    ] as const;
  });
  const alone: readonly (readonly [string, Setting])[] = given.filter(
    ([name]) => groupOf(name) === undefined,
  );
  return { ...Object.fromEntries(alone), ...Object.fromEntries(grouped) };
}

function settingOf(field: SettingField, { settings, companies }: ChannelDraft): Setting | undefined {
  const { name, as, options } = field;
  if (as === 'companyNumbers') return companiesOf(companies, Number);
  if (as === 'companyTexts') return companiesOf(companies, String);
  const text = settings[name] ?? options?.[0]?.value ?? '';
  return text === '' ? undefined : readers[as](text);
}

const trimmed = (text: string) => text.trim();

const readers: Readonly<Record<Exclude<SettingField['as'], CompanyField>, (text: string) => Setting>> = {
  text: trimmed,
  secret: trimmed,
  lines: trimmed,
  number: Number,
  list: splitValues,
  flag: (text) => text === 'true',
  choice: (text) => (text === noPrefix ? '' : text),
};

/** A choice in a group always has a value: it is left out with the rest of its group. */
function isWanted({ name, as }: SettingField, { kind, settings }: ChannelDraft): boolean {
  const group = groupOf(name);
  if (group === undefined || as !== 'choice') return true;
  const others = channelKinds[kind].fields.filter(
    (field) => groupOf(field.name) === group && field.as !== 'choice',
  );
  return others.some((field) => (settings[field.name] ?? '') !== '');
}

function groupOf(name: string): string | undefined {
  return name.includes('.') ? name.split('.')[0] : undefined;
}

function companiesOf(
  companies: ChannelDraft['companies'],
  as: (text: string) => string | number,
): Readonly<Record<string, string | number>> {
  const given = Object.entries(companies).map(([tenantId, text]) => [tenantId, text.trim()] as const);
  return Object.fromEntries(
    given.filter(([, text]) => text !== '').map(([tenantId, text]) => [tenantId, as(text)]),
  );
}

/** The label of the field that a refusal is about; undefined if it names none. @param message of the API */
export function fieldIn(kind: ChannelKind, message: string): string | undefined {
  const [, path = ''] = /^'settings\.([^']+)'/.exec(message) ?? [];
  return channelKinds[kind].fields.find(({ name }) => `${path}.`.startsWith(`${name}.`))?.label;
}
