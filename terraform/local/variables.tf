variable "repository" {
  description = "Fork that Argo CD reads, on a cluster by kind; null: a git server on this machine with this clone's HEAD, on a cluster of processes."
  type        = string
  default     = null
}
