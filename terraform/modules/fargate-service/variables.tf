variable "name" {
  description = "Name of the cluster, the service and the task."
  type        = string
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks; they reach the registry from there."
  type        = list(string)
}

variable "load_balancer_security_group_id" {
  description = "The only group that may call the tasks."
  type        = string
}

variable "target_group_arn" {
  description = "Where the tasks register."
  type        = string
}

variable "images" {
  description = "Images of `api` and `auth`, by digest."
  type        = object({ api = string, auth = string })

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("^[^@ ]+@sha256:[0-9a-f]{64}$", image))])
    error_message = "images must be pinned: REPOSITORY@sha256:DIGEST. A tag alone says nothing about what runs."
  }
}

variable "architecture" {
  description = "Processor of the tasks: `X86_64` or `ARM64`; the images must have been built for it."
  type        = string
  default     = "X86_64"

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture must be X86_64 or ARM64."
  }
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

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.cpu, []), var.memory)
    error_message = "Fargate offers no task of cpu ${var.cpu} with memory ${var.memory}; the smallest pairs are 256 with 512, 1024 or 2048, and 512 with 1024 to 4096."
  }
}

variable "replicas" {
  description = "Tasks that serve; with automatic scaling the least of them."
  type        = number
  default     = 2

  validation {
    condition     = var.replicas >= 1 && floor(var.replicas) == var.replicas
    error_message = "replicas must be a whole number from 1 on."
  }
}

variable "max_tasks" {
  description = "Tasks that the account may run at once. From twice the replicas on, a deployment starts new tasks before it stops old ones, and the service scales by itself."
  type        = number
  default     = 2

  validation {
    condition     = var.max_tasks >= var.replicas
    error_message = "max_tasks (${var.max_tasks}) must not be below replicas (${var.replicas})."
  }
}

variable "execution_role_name" {
  description = "An existing role that pulls images and writes logs, for instance ecsTaskExecutionRole; null makes one."
  type        = string
  default     = null
}

variable "database_url_secret_arn" {
  description = "Secret with the address of Postgres; null: routes with state answer 503."
  type        = string
  default     = null
}

variable "redis_url" {
  description = "Address of Redis; it holds no password."
  type        = string
  default     = null

  validation {
    condition     = (var.redis_url == null) == (var.database_url_secret_arn == null)
    error_message = "redis_url and database_url_secret_arn must both be given, or neither."
  }
}

variable "secrets" {
  description = "Whether `database_url_secret_arn` is given; known before the secret is."
  type        = bool
  default     = false
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 14
}

variable "permissions_boundary" {
  description = "Policy that bounds every role; asked for where workflows apply."
  type        = string
  default     = null
}
