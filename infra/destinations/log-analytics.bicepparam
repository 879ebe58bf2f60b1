// Copy it, and set the name of the workspace.
using 'log-analytics.bicep'

param workspaceName = 'log-sentinel'
param principalId = readEnvironmentVariable('AUDITKEEP_PRINCIPAL_ID')
