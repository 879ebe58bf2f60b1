import { Check, Choice, Field } from '../parts/field.tsx';
import { TextArea } from '../parts/text-area.tsx';
import { joinValues, splitValues } from '../search/lists.ts';
import { ValuesField } from '../search/values-field.tsx';
import { useTenants } from '../tenants/queries.ts';
import { channelKinds, type SettingField } from './kind-fields.ts';
import type { ChannelDraft } from './new-channel.ts';

interface SettingsFieldsProps {
  readonly draft: ChannelDraft;
  readonly onChange: (changes: Partial<ChannelDraft>) => void;
}

/** The settings of a kind: those that it needs, and below them those that it may have. */
export function SettingsFields(props: SettingsFieldsProps) {
  const { fields } = channelKinds[props.draft.kind];
  const more = fields.filter(({ isOptional }) => isOptional === true);
  return (
    <>
      {fields
        .filter((field) => !more.includes(field))
        .map((field) => (
          <Setting key={field.name} field={field} {...props} />
        ))}
      {more.length > 0 && (
        <details>
          <summary>More settings</summary>
          <div class="stack">
            {more.map((field) => (
              <Setting key={field.name} field={field} {...props} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

interface SettingProps extends SettingsFieldsProps {
  readonly field: SettingField;
}

function Setting({ field, draft, onChange }: SettingProps) {
  const { name, label, as, options } = field;
  if (as === 'companyNumbers' || as === 'companyTexts') return <Companies {...{ label, draft, onChange }} />;
  const value = draft.settings[name] ?? options?.[0]?.value ?? '';
  const set = (text: string) => {
    onChange({ settings: { ...draft.settings, [name]: text } });
  };
  return <Entry {...{ field, value, set }} />;
}

interface EntryProps {
  readonly field: SettingField;
  readonly value: string;
  readonly set: (value: string) => void;
}

function Entry({ field, value, set }: EntryProps) {
  const { label, hint, as, options = [] } = field;
  if (as === 'flag')
    return (
      <Check
        isChecked={value === 'true'}
        onChange={(isOn) => {
          set(String(isOn));
        }}
      >
        {label}
      </Check>
    );
  if (as === 'choice') return <Choice {...{ label, options, value }} onChange={set} />;
  if (as === 'list')
    return (
      <ValuesField
        {...{ label, hint }}
        values={splitValues(value)}
        valuesOf={splitValues}
        onChange={(values) => {
          set(joinValues(values));
        }}
      />
    );
  return <Written {...{ field, value, set }} />;
}

function Written({ field: { label, hint, as, isOptional }, value, set }: EntryProps) {
  const hinted = hint === undefined ? {} : { hint };
  if (as === 'lines')
    return <TextArea {...{ label, value, ...hinted }} most={10_000} rows={5} isCode onInput={set} />;
  return (
    <Field
      {...{ label, value, ...hinted }}
      {...(as === 'secret' ? { placeholder: 'channel-' } : {})}
      isRequired={isOptional !== true}
      onInput={set}
    />
  );
}

interface CompaniesProps extends SettingsFieldsProps {
  readonly label: string;
}

/** There is no default: a ticket must not reach the wrong customer. */
function Companies({ label, draft, onChange }: CompaniesProps) {
  const tenants = useTenants().data?.value ?? [];
  return (
    <fieldset class="checks companies">
      <legend>{label}</legend>
      <p class="hint">A tenant without one gets no tickets; the list of what was sent says so.</p>
      <div class="companies-list">
        {tenants.map(({ tenantId, displayName }) => (
          <Field
            key={tenantId}
            label={displayName}
            value={draft.companies[tenantId] ?? ''}
            onInput={(text) => {
              onChange({ companies: { ...draft.companies, [tenantId]: text } });
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
