/** What the template of a destination of Parquet files makes in the resource group of a lake. */
import { describe, expect, it } from 'vitest';
import { parquetSettings } from '../../shared/destinations/kinds/parquet.ts';
import { listAt, loadSnapshot, ofType, valueAt } from './snapshot.ts';

const snapshot = loadSnapshot('parquet', 'destinations');

describe('the lake', () => {
  it('has folders, and neither keys nor public content', () => {
    const accounts = ofType(snapshot, 'Microsoft.Storage/storageAccounts');
    expect(accounts).toHaveLength(1);
    expect(accounts[0]?.properties).toMatchObject({
      ...{ isHnsEnabled: true, allowSharedKeyAccess: false, allowBlobPublicAccess: false },
      ...{ supportsHttpsTrafficOnly: true, minimumTlsVersion: 'TLS1_2' },
    });
  });

  it('lets the app write to its container, and to nothing else', () => {
    const containers = ofType(snapshot, 'Microsoft.Storage/storageAccounts/blobServices/containers');
    const assignments = ofType(snapshot, 'Microsoft.Authorization/roleAssignments');
    expect([containers, assignments].map(({ length }) => length)).toEqual([1, 1]);
    expect(assignments[0]?.id).toContain(`${containers[0]?.id ?? 'none'}/`);
    const role = valueAt(assignments[0], 'properties.roleDefinitionId');
    expect(role).toMatch(/\/ba92f5b4-2d11-453d-a403-e96b0029c9fe$/);
  });

  it('deletes files of its container only, and only if asked to', () => {
    const [policy] = ofType(snapshot, 'Microsoft.Storage/storageAccounts/managementPolicies');
    expect(listAt(policy, 'properties.policy.rules')).toMatchObject([
      { definition: { filters: { prefixMatch: ['records/'] } } },
    ]);
  });

  it('has outputs that are settings of the destination', () => {
    const settings = Object.keys(parquetSettings.shape);
    expect(Object.keys(snapshot.outputs)).toEqual(['url']);
    expect(settings).toContain('url');
  });
});
