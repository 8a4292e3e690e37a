variable "prefix" {
  description = "Prefix of the bucket's name; AWS adds what makes it unique."
  type        = string
}

variable "force_destroy" {
  description = "Whether destroying takes the states along; only when nothing is described by them any more."
  type        = bool
  default     = false
}
