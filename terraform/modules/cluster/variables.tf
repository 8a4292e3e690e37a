variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes, in standard support: after it EKS costs six times as much."
  type        = string
  default     = "1.35"

  # The keys of `standard_support_until` in support.tf; a date that has passed stops the plan.
  validation {
    condition     = contains(["1.34", "1.35"], var.kubernetes_version)
    error_message = "kubernetes_version must be in standard support: 1.34 (until 2026-12-02) or 1.35 (until 2027-03-27). See https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html and extend the table in modules/cluster/support.tf."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the nodes, in two zones at least."
  type        = list(string)
}

variable "api_clients" {
  description = "Addresses that reach the API server from outside, as [\"203.0.113.7/32\"]; empty: from the VPC alone."
  type        = set(string)

  validation {
    condition     = alltrue([for cidr in var.api_clients : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "api_clients must be blocks of addresses, and not the whole internet."
  }
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

  validation {
    condition     = contains(["ON_DEMAND", "SPOT"], var.capacity_type)
    error_message = "capacity_type must be ON_DEMAND or SPOT."
  }
}

variable "nodes" {
  description = "How many machines: at least, now, at most."
  type        = object({ min = number, desired = number, max = number })
  default     = { min = 2, desired = 2, max = 3 }

  validation {
    condition     = 1 <= var.nodes.min && var.nodes.min <= var.nodes.desired && var.nodes.desired <= var.nodes.max
    error_message = "nodes must be ordered: 1 <= min <= desired <= max."
  }
}

variable "admins" {
  description = "Further principals that administer the cluster, by a name of your own; who makes it does anyway."
  type        = map(string)
  default     = {}
}

variable "permissions_boundary" {
  description = "Policy that bounds every role; asked for where workflows apply."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days that logs of the control plane are kept."
  type        = number
  default     = 14
}

variable "secret_entries" {
  description = "Entries of Secrets Manager that External Secrets may read."
  type        = set(string)
  default     = ["argocd", "staging", "prod"]
}
