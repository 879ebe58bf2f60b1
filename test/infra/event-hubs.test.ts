/** What the template of a destination in Event Hubs makes in the resource group of its readers. */
import { describe, expect, it } from 'vitest';
import { eventHubsSettings } from '../../shared/destinations/kinds/event-hubs.ts';
import { loadSnapshot, ofType, valueAt } from './snapshot.ts';

const snapshot = loadSnapshot('event-hubs', 'destinations');

describe('the event hub', () => {
  it('lets in identities only, by current TLS', () => {
    const namespaces = ofType(snapshot, 'Microsoft.EventHub/namespaces');
    expect(namespaces).toHaveLength(1);
    expect(namespaces[0]?.properties).toMatchObject({ disableLocalAuth: true, minimumTlsVersion: '1.2' });
  });

  it('lets the app send to it, and do nothing else', () => {
    const hubs = ofType(snapshot, 'Microsoft.EventHub/namespaces/eventhubs');
    const assignments = ofType(snapshot, 'Microsoft.Authorization/roleAssignments');
    expect([hubs, assignments].map(({ length }) => length)).toEqual([1, 1]);
    expect(assignments[0]?.id).toContain(`${hubs[0]?.id ?? 'none'}/`);
    const role = valueAt(assignments[0], 'properties.roleDefinitionId');
    expect(role).toMatch(/\/2b629674-e913-4c01-ae53-ef4638d8f975$/);
  });

  it('has a consumer group for readers', () => {
    expect(ofType(snapshot, 'Microsoft.EventHub/namespaces/eventhubs/consumergroups')).toHaveLength(1);
  });

  it('has outputs that are settings of the destination', () => {
    const settings = Object.keys(eventHubsSettings.shape);
    expect(Object.keys(snapshot.outputs).sort()).toEqual(['eventHub', 'host']);
    for (const name of Object.keys(snapshot.outputs)) expect(settings).toContain(name);
  });
});
