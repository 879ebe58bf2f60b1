import { Tabs } from '../parts/tabs.tsx';
import { Page } from '../shell/page.tsx';
import { oneOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { KeysTab } from './keys-tab.tsx';
import { LogTab } from './log-tab.tsx';

const tabs = [
  { id: 'keys', text: 'Client keys' },
  { id: 'log', text: 'Access log' },
] as const;

const schema = { tab: oneOf(['keys', 'log'], 'keys') } as const;

/** Who may call, and who called. */
export function AccessPage() {
  const [{ tab }, change] = useUrlState(schema);
  return (
    <Page
      title="Access"
      about="Who may call this app, and who called what."
      actions={
        <a class="button primary" href="/console/access/keys/new">
          Create a key
        </a>
      }
    >
      <Tabs
        label="Access"
        tabs={tabs}
        selected={tab}
        onSelect={(id) => {
          change({ tab: id }, { push: true });
        }}
      >
        {tab === 'keys' ? <KeysTab /> : <LogTab />}
      </Tabs>
    </Page>
  );
}
