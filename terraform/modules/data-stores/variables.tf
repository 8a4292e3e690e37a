variable "name" {
  description = "Name of the stores."
  type        = string
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in two zones at least."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "The only group that reaches the stores."
  type        = string
}

variable "postgres_version" {
  description = "Major version of Postgres."
  type        = string
  default     = "17"
}

variable "redis_version" {
  description = "Version of Valkey, which speaks Redis's protocol."
  type        = string
  default     = "8.0"
}

variable "highly_available" {
  description = "Whether each store has a second instance in another zone."
  type        = bool
  default     = false
}

variable "backup_days" {
  description = "Days that backups of Postgres are kept."
  type        = number
  default     = 7

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days must be from 1 to 35."
  }
}

variable "keep_final_snapshot" {
  description = "Whether destroying leaves a last snapshot of Postgres, which costs until it is deleted."
  type        = bool
  default     = false
}
