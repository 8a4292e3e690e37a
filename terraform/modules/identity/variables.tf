variable "name" {
  description = "Prefix of the roles' names."
  type        = string
}

variable "repository" {
  description = "Repository whose workflows take the roles: OWNER/NAME."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be OWNER/NAME, without a wildcard: whoever matches may take the roles."
  }
}

variable "environments" {
  description = "Protected environments of the repository whose jobs may apply."
  type        = set(string)
  default     = ["fargate"]

  validation {
    condition     = length(var.environments) > 0 && alltrue([for name in var.environments : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "environments must be names of environments, without a wildcard."
  }
}

variable "provider_arn" {
  description = "GitHub's identity provider, where the account has one already; an account holds only one. Null makes it."
  type        = string
  default     = null
}

variable "state_bucket_arn" {
  description = "Bucket of the states."
  type        = string
}

variable "resource_prefix" {
  description = "What the names of roles and policies that `apply` may make begin with."
  type        = string
  default     = "app-"
}
