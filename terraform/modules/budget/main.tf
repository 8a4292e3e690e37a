# Of the whole account: a filter by tag counts nothing until somebody activates the tag for billing, and would stay silent.
resource "aws_budgets_budget" "this" {
  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.limit)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = [{ type = "ACTUAL", percent = 50 }, { type = "ACTUAL", percent = 80 }, { type = "FORECASTED", percent = 100 }]

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.emails
    }
  }
}
