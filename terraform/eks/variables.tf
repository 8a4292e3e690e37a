variable "project" {
  description = "First part of every name, and the tag `Project`."
  type        = string
  default     = "app"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.project))
    error_message = "project must have 2 to 16 lower-case letters, digits and dashes."
  }
}

variable "owner" {
  description = "Who is asked about it: the tag `Owner`."
  type        = string
}

variable "expires" {
  description = "Day after which nobody needs it any more, as 2026-12-31: the tag `Expires`."
  type        = string

  validation {
    condition     = can(formatdate("YYYY", "${var.expires}T00:00:00Z")) && can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", var.expires))
    error_message = "expires must be a day, as 2026-12-31."
  }
}

variable "budget_emails" {
  description = "Who is told when money runs."
  type        = set(string)
}

variable "budget_limit" {
  description = "Dollars a month, of the whole account."
  type        = number
  default     = 50
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes, in standard support: after it EKS costs six times as much."
  type        = string
  default     = "1.35"
}

variable "api_clients" {
  description = "Addresses that reach the API server from outside, as [\"203.0.113.7/32\"]; empty: from the VPC alone."
  type        = set(string)
}

variable "instance_types" {
  description = "Kinds of machines; images must be built for their processor."
  type        = list(string)
  default     = ["t3.medium"]
}

variable "capacity_type" {
  description = "`ON_DEMAND`, or `SPOT`: cheaper, and taken away at any time."
  type        = string
  default     = "ON_DEMAND"
}

variable "nodes" {
  description = "How many machines: at least, now, at most."
  type        = object({ min = number, desired = number, max = number })
  default     = { min = 2, desired = 2, max = 3 }
}

variable "admins" {
  description = "Further principals that administer the cluster, by a name of your own; who makes it does anyway."
  type        = map(string)
  default     = {}
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone, so that the loss of one zone leaves the others' way out."
  type        = bool
  default     = false
}

variable "keep_images" {
  description = "Whether destroying refuses while there are images."
  type        = bool
  default     = false
}

variable "permissions_boundary" {
  description = "Policy that bounds every role; asked for where workflows apply."
  type        = string
  default     = null
}

variable "secret_entries" {
  description = "Entries of Secrets Manager that External Secrets may read."
  type        = set(string)
  default     = ["argocd", "staging", "prod"]
}
