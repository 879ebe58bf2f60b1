// Like standard, but in a private network: storage and vault cannot be reached from the internet.
using '../main.bicep'

param clientId = readEnvironmentVariable('AUDITKEEP_CLIENT_ID')
param alertEmail = readEnvironmentVariable('AUDITKEEP_ALERT_EMAIL')
param redundancy = 'Standard_ZRS'
param rawImmutableDays = 30
param telemetryDays = 90
param dailyCapGb = 2
param monthlyBudget = 250
param budgetStart = readEnvironmentVariable('AUDITKEEP_BUDGET_START')
param isolated = true
param networkRange = '10.80.0.0/24'
param administratorAddresses = ['203.0.113.0/28']
