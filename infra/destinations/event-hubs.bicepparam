// Copy it, and set the name of the namespace.
using 'event-hubs.bicep'

param namespaceName = 'evhns-auditkeep'
param principalId = readEnvironmentVariable('AUDITKEEP_PRINCIPAL_ID')
