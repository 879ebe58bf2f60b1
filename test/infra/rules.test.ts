import { describe, expect, it } from 'vitest';
import { loadSnapshot, parameterFiles } from './snapshot.ts';
import { rules } from './rules/all-rules.ts';

describe.each(parameterFiles)('what %s.bicepparam makes in Azure', (parameterFile) => {
  const snapshot = loadSnapshot(parameterFile);

  it.each(Object.entries(rules))('keeps the rule %s', (_, rule) => {
    expect(rule(snapshot)).toEqual([]);
  });
});

describe('the parameter files', () => {
  it('are the three that the documents name', () => {
    expect([...parameterFiles].sort()).toEqual(['isolated', 'small', 'standard']);
  });

  it('differ in what they are for', () => {
    const types = (name: string) => loadSnapshot(name).predictedResources.map(({ type }) => type);
    const immutability = 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies';
    expect(types('small')).not.toContain(immutability);
    expect(types('standard')).toContain(immutability);
    expect(types('standard')).toContain('Microsoft.Consumption/budgets');
    expect(types('standard')).not.toContain('Microsoft.Network/virtualNetworks');
    expect(types('isolated')).toContain('Microsoft.Network/virtualNetworks');
  });
});
