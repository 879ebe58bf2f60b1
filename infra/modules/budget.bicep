metadata description = 'Sends an email when this resource group costs more than expected. Does not stop anything.'

@description('Name of the budget.')
param budgetName string

@description('Expected monthly cost, in the currency of the subscription.')
param amount int

@description('First day of the month in which the budget starts, yyyy-MM-01. Azure does not allow it to be changed later.')
param startDate string

@description('Email address that is notified.')
param alertEmail string

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: budgetName
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      actualAbove80Percent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [alertEmail]
      }
      forecastAbove100Percent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [alertEmail]
      }
    }
  }
}
