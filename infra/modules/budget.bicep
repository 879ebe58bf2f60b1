metadata description = 'Says when this resource group costs more than expected. It stops nothing.'

@description('Name of the budget.')
param budgetName string

@description('Expected cost of a month, in the currency of the subscription.')
param amount int

@description('First day of the month the budget begins in, yyyy-MM-01. Azure does not let it be changed later.')
param startDate string

@description('E-mail address that is told.')
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
