variable "name" {
  description = "Name of the budget."
  type        = string
}

variable "limit" {
  description = "Dollars a month."
  type        = number
  default     = 50

  validation {
    condition     = var.limit > 0 && var.limit <= 100
    error_message = "limit must be above 0 and at most 100 dollars."
  }
}

variable "emails" {
  description = "Who is told."
  type        = set(string)

  validation {
    condition     = length(var.emails) > 0 && alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])
    error_message = "emails must hold at least one address: an alarm that nobody hears is none."
  }
}
