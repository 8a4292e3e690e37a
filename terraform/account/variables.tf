variable "project" {
  description = "First part of every name, and the tag `Project`."
  type        = string
  default     = "app"
}

variable "owner" {
  description = "Who is asked about it: the tag `Owner`."
  type        = string
}

variable "repository" {
  description = "Repository whose workflows plan and apply: OWNER/NAME."
  type        = string
}

variable "environments" {
  description = "Protected environments of the repository whose jobs may apply."
  type        = set(string)
  default     = ["fargate"]
}

variable "provider_arn" {
  description = "GitHub's identity provider, where the account has one already."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether destroying takes the states along."
  type        = bool
  default     = false
}
