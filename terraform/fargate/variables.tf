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

variable "digests" {
  description = "Digests of the images of `api` and `auth`, as the environment in git names them; `terraform/digests.sh` reads them."
  type        = object({ api = string, auth = string })

  validation {
    condition     = alltrue([for digest in values(var.digests) : can(regex("^sha256:[0-9a-f]{64}$", digest))])
    error_message = "digests must be sha256:HEX. An environment that names a tag alone is bumped first: promoter bump dev api=TAG@DIGEST."
  }
}

variable "replicas" {
  description = "Tasks that serve; with automatic scaling the least of them."
  type        = number
  default     = 2
}

variable "max_tasks" {
  description = "Tasks that the account may run at once."
  type        = number
  default     = 2
}

variable "cpu" {
  description = "Processor of a task: 1024 is one core."
  type        = number
  default     = 256
}

variable "memory" {
  description = "Memory of a task in MiB."
  type        = number
  default     = 512
}

variable "architecture" {
  description = "Processor of the tasks: `X86_64` or `ARM64`."
  type        = string
  default     = "X86_64"
}

variable "port" {
  description = "Port that clients call."
  type        = number
  default     = 80
}

variable "clients" {
  description = "Addresses that may call."
  type        = set(string)
  default     = ["0.0.0.0/0"]
}

variable "egress" {
  description = "How tasks reach the registry: `nat` or `endpoints`."
  type        = string
  default     = "nat"
}

variable "data_store" {
  description = "`none`: routes with state answer 503. `managed`: RDS for Postgres and ElastiCache for Redis."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "managed"], var.data_store)
    error_message = "data_store must be none or managed."
  }
}

variable "execution_role_name" {
  description = "An existing role that pulls images and writes logs, for instance ecsTaskExecutionRole; null makes one."
  type        = string
  default     = null
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
