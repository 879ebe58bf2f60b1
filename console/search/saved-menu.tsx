import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import { deleteSearch, deliveryKey, several, useSearches } from '../delivery/queries.ts';
import { filtersText } from '../delivery/subscription-texts.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Menu } from '../parts/menu.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { announce } from '../shell/announcer.tsx';
import { writeState } from '../url/codecs.ts';
import { joinValues } from './lists.ts';
import { onlyTenant, openedBy, savedFilters, searchNameOf } from './saved.ts';
import { searchSchema, type SearchState } from './search-state.ts';
import { useAction } from '../parts/use-action.ts';

type Found = NonNullable<ReturnType<typeof useSearches>['data']>['value'][number];
/** With whose it is. */
type Saved = Found & { readonly owner: string };

/** Opens and deletes saved searches, and saves the one that the page has. */
export function SavedMenu({ state }: { readonly state: SearchState }) {
  const [asked, setAsked] = useState<Saved>();
  return (
    <>
      <Menu label="Saved searches">
        {(isOpen, close) => isOpen && <Contents {...{ state, close }} onDelete={setAsked} />}
      </Menu>
      {asked !== undefined && (
        <ConfirmDeletion
          search={asked}
          onEnd={() => {
            setAsked(undefined);
          }}
        />
      )}
    </>
  );
}

interface ContentsProps {
  readonly state: SearchState;
  readonly close: () => void;
  readonly onDelete: (search: Saved) => void;
}

function Contents({ state, close, onDelete }: ContentsProps) {
  const tenant = onlyTenant(state);
  return (
    <>
      <div class="menu-part">
        <SavedOf
          owner={several}
          none="There are none yet. Everyone who sees the same tenants has the same ones."
          {...{ close, onDelete }}
        />
      </div>
      <div class="menu-part">
        {tenant === undefined ? (
          <p class="fine">
            A tenant may have its own: they are listed here when only that tenant is searched.
          </p>
        ) : (
          <>
            <h2 class="menu-title">Of this tenant</h2>
            <SavedOf owner={tenant} none="This tenant has none of its own." {...{ close, onDelete }} />
          </>
        )}
      </div>
      <Save state={state} />
    </>
  );
}

interface SavedOfProps extends Omit<ContentsProps, 'state'> {
  readonly owner: string;
  /** Shown where there are none. */
  readonly none: string;
}

function SavedOf({ owner, none, close, onDelete }: SavedOfProps) {
  const searches = useSearches(owner);
  return (
    <Loaded query={searches} what="saved searches">
      {({ value }) =>
        value.length === 0 ? (
          <p class="fine">{none}</p>
        ) : (
          <ul class="menu-rows">
            {value.map((search) => (
              <SavedRow key={search.name} search={{ ...search, owner }} {...{ close, onDelete }} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function SavedRow({ search, close, onDelete }: Omit<ContentsProps, 'state'> & { readonly search: Saved }) {
  const { path, url } = useLocation();
  const { name, displayName = name, filters, owner } = search;
  const opened = openedBy(owner === several ? search : { tenants: owner, filters });
  const changes = { ...opened, record: '' };
  return (
    <li>
      <a
        href={`${path}${writeState(searchSchema, new URL(url, location.origin).search, changes)}`}
        title={filtersText(filters)}
        onClick={close}
      >
        <Text most={60}>{displayName}</Text>
      </a>
      <Button
        kind="subtle"
        label={`Delete ${displayName}`}
        onClick={() => {
          onDelete(search);
        }}
      >
        Delete
      </Button>
    </li>
  );
}

function Save({ state }: { readonly state: SearchState }) {
  const client = useQueryClient();
  const [title, setTitle] = useState('');
  const save = useMutation({
    // What is given to it: its own options may be those of the last time that the page was drawn.
    mutationFn: (displayName: string) =>
      answerOf(
        api.PUT('/searches/{name}', {
          params: { path: { name: searchNameOf(displayName) } },
          // What is there under this name stays.
          headers: { 'If-None-Match': '*' },
          body: {
            displayName,
            tenants: joinValues(state.tenants),
            filters: savedFilters(state),
          },
        }),
      ),
    onSuccess: async () => {
      setTitle('');
      announce('The search was saved');
      await client.invalidateQueries({ queryKey: [...deliveryKey, several] });
    },
  });
  return (
    <form
      class="menu-part"
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending && title.trim() !== '') save.mutate(title.trim());
      }}
    >
      <Field
        label="Save this search as"
        value={title}
        onInput={setTitle}
        hint="Its filters and tenants, and a time from … to …"
        isRequired
      />
      {save.error !== null && <Failure error={toApiError(save.error)} what="The search could not be saved" />}
      <div>
        <Button type="submit" isBusy={save.isPending}>
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  );
}

function ConfirmDeletion({ search, onEnd }: { readonly search: Saved; readonly onEnd: () => void }) {
  const { name, displayName = name, owner } = search;
  const client = useQueryClient();
  const remove = useAction({
    run: () => deleteSearch(owner, name),
    onSuccess: async () => {
      onEnd();
      announce('The search was deleted');
      await client.invalidateQueries({ queryKey: [...deliveryKey, owner] });
    },
  });
  return (
    <Confirm
      title="Delete this saved search?"
      action="Delete"
      isDanger
      isBusy={remove.isPending}
      onConfirm={() => {
        remove.mutate();
      }}
      onCancel={onEnd}
    >
      <p>
        <Text most={80}>{displayName}</Text>, for everyone who sees the same{' '}
        {owner === several ? 'tenants' : 'tenant'}.
      </p>
      {remove.error !== null && (
        <Failure error={toApiError(remove.error)} what="The search could not be deleted" />
      )}
    </Confirm>
  );
}
