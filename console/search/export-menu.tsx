import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Menu } from '../parts/menu.tsx';
import { utcOf } from '../parts/moments.ts';
import { Failure } from '../parts/states.tsx';
import { exportsKey, startExport, useExports, type Wanted } from './exports.ts';
import { statusOf } from './export-texts.ts';
import type { SearchState } from './search-state.ts';
import type { TimeRange } from './time-range.ts';

interface ExportMenuProps {
  readonly state: SearchState;
  readonly range: TimeRange;
  readonly hrefOf: (exportId: string) => string;
  readonly onStarted: (exportId: string) => void;
}

const formats = [
  { value: 'csvFlat', text: 'CSV' },
  { value: 'xlsx', text: 'Excel workbook' },
] as const;

/** Starts an export of what the list shows, and leads to earlier ones. */
export function ExportMenu(props: ExportMenuProps) {
  return (
    <Menu label="Export">
      {(isOpen, close) => (
        <>
          <Start {...props} close={close} />
          <Earlier hrefOf={props.hrefOf} isWanted={isOpen} />
        </>
      )}
    </Menu>
  );
}

function Start({ state, range, onStarted, close }: ExportMenuProps & { readonly close: () => void }) {
  const client = useQueryClient();
  const [format, setFormat] = useState<Wanted['format']>('csvFlat');
  const start = useMutation({
    // What is given to it: its own options may be those of the last time that the page was drawn.
    mutationFn: (wanted: Wanted) => startExport(wanted),
    onSuccess: async ({ id }) => {
      onStarted(id);
      close();
      await client.invalidateQueries({ queryKey: exportsKey });
    },
  });
  return (
    <div class="menu-part">
      <p class="fine">
        A file with all records of this search, with the columns of the list and the ID of each: one tenant
        after the other, newest first.
      </p>
      <Choice label="Format" value={format} options={formats} onChange={setFormat} />
      {start.error !== null && (
        <Failure error={toApiError(start.error)} what="The export could not be started" />
      )}
      <div>
        <Button
          kind="primary"
          isBusy={start.isPending}
          onClick={() => {
            start.mutate({ state, range, format });
          }}
        >
          {start.isPending ? 'Starting…' : 'Start the export'}
        </Button>
      </div>
    </div>
  );
}

/** Those of everyone who sees the same tenants. */
function Earlier({ hrefOf, isWanted }: Pick<ExportMenuProps, 'hrefOf'> & { readonly isWanted: boolean }) {
  const exports = useExports(isWanted);
  if (!isWanted) return undefined;
  return (
    <div class="menu-part">
      <h2 class="menu-title">Earlier exports</h2>
      <Loaded query={exports} what="exports">
        {(found) =>
          found.length === 0 ? (
            <p class="fine">There are none. Each is kept for a day.</p>
          ) : (
            <ul class="menu-rows">
              {found.map((one) => (
                <li key={one.id}>
                  <a href={hrefOf(one.id)}>{utcOf(new Date(one.createdDateTime))} UTC</a>
                  <span class="fine">{statusOf(one).text}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}
