variable "name" {
  description = "Name of the load balancer, at most 32 characters."
  type        = string

  validation {
    condition     = length(var.name) <= 32
    error_message = "name must have at most 32 characters."
  }
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "vpc_cidr" {
  description = "Addresses of the VPC, where the targets are."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, in two zones at least."
  type        = list(string)
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

variable "target_port" {
  description = "Port of the targets."
  type        = number
  default     = 8080
}

variable "target_type" {
  description = "Kind of the targets; tasks of Fargate have addresses of their own and no instance."
  type        = string
  default     = "ip"

  validation {
    condition     = var.target_type == "ip"
    error_message = "target_type must be ip: a Fargate task has no instance that could be registered."
  }
}

variable "health_path" {
  description = "Path that says whether a target takes requests."
  type        = string
  default     = "/readyz"
}

variable "deregistration_delay" {
  description = "Seconds that a leaving target may take to end what it began; the services allow 10 s a request."
  type        = number
  default     = 15
}

variable "hidden_paths" {
  description = "Paths answered with 404, because they are for operators."
  type        = list(string)
  default     = ["/metrics"]
}
