import type { ComponentChildren } from 'preact';
import { text } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { Tabs } from './tabs.tsx';

export interface UrlTab {
  readonly id: string;
  readonly text: string;
  readonly content: () => ComponentChildren;
}

interface UrlTabsProps {
  readonly label: string;
  readonly tabs: readonly [UrlTab, ...UrlTab[]];
}

const schema = { tab: text() } as const;

/** The tabs of a page. The address says which one is open, by default the first. */
export function UrlTabs({ label, tabs }: UrlTabsProps) {
  const [{ tab }, change] = useUrlState(schema);
  const open = tabs.find(({ id }) => id === tab) ?? tabs[0];
  return (
    <Tabs
      {...{ label, tabs }}
      selected={open.id}
      onSelect={(id) => {
        change({ tab: id === tabs[0].id ? '' : id }, { push: true });
      }}
    >
      {open.content()}
    </Tabs>
  );
}
