import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadSnapshot, ofType, parameterFiles } from './snapshot.ts';
import { rules } from './rules/all-rules.ts';

describe.each(parameterFiles)('what %s.bicepparam makes in Azure', (parameterFile) => {
  const snapshot = loadSnapshot(parameterFile);

  it.each(Object.entries(rules))('keeps the rule %s', (_, rule) => {
    expect(rule(snapshot)).toEqual([]);
  });

  it('has a budget exactly if the file requests one', () => {
    const parameters = readFileSync(`infra/parameters/${parameterFile}.bicepparam`, 'utf8');
    const asked = [...parameters.matchAll(/^param monthlyBudget = (\d+)$/gm)].map(([, amount]) =>
      Number(amount),
    );
    const budgets = ofType(snapshot, 'Microsoft.Consumption/budgets');
    expect(budgets.map(({ properties }) => properties['amount'])).toEqual(asked);
  });
});

describe('the parameter files', () => {
  it('are the three that the documents name', () => {
    expect([...parameterFiles].sort()).toEqual(['isolated', 'small', 'standard']);
  });

  it('differ as intended', () => {
    const types = (name: string) => loadSnapshot(name).predictedResources.map(({ type }) => type);
    const immutability = 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies';
    for (const name of parameterFiles) expect(types(name)).toContain(immutability);
    expect(types('standard')).toContain('Microsoft.Consumption/budgets');
    expect(types('standard')).not.toContain('Microsoft.Network/virtualNetworks');
    expect(types('isolated')).toContain('Microsoft.Network/virtualNetworks');
  });
});
