variable "prefix" {
  description = "First part of every repository's name."
  type        = string
}

variable "services" {
  description = "Services, each with a repository of its own."
  type        = set(string)
}

variable "untagged_days" {
  description = "Days after which an image without a tag goes."
  type        = number
  default     = 90

  validation {
    condition     = var.untagged_days >= 90
    error_message = "untagged_days must be 90 or more: what an environment named in the last 90 days stays."
  }
}

variable "pull_request_days" {
  description = "Days after which an image of a pull request (tag `pr-...`) goes; no environment runs them."
  type        = number
  default     = 14
}

variable "force_delete" {
  description = "Whether destroying takes the images along."
  type        = bool
  default     = false
}
