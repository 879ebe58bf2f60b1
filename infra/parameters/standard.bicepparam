// The right size for most partners: zone-redundant storage, raw blobs that are immutable for a month, and a budget.
using '../main.bicep'

param clientId = readEnvironmentVariable('AUDITKEEP_CLIENT_ID')
param alertEmail = readEnvironmentVariable('AUDITKEEP_ALERT_EMAIL')
param redundancy = 'Standard_ZRS'
param rawImmutableDays = 30
param telemetryDays = 90
param dailyCapGb = 2
param monthlyBudget = 100
param budgetStart = readEnvironmentVariable('AUDITKEEP_BUDGET_START')
