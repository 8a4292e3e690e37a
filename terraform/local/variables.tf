variable "repository" {
  description = "Repository that Argo CD reads; null: a git server on this machine, with this clone's HEAD."
  type        = string
  default     = null
}
