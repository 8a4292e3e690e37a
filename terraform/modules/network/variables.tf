variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "cidr" {
  description = "Addresses of the VPC; each subnet takes a sixteenth."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]), 0) >= 16 && try(tonumber(split("/", var.cidr)[1]), 0) <= 22
    error_message = "cidr must be an IPv4 block between /16 and /22, for instance 10.0.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones to spread over; a load balancer needs two."
  type        = number
  default     = 2

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones must be 2 or 3."
  }
}

variable "egress" {
  description = "How private subnets reach the registry: `nat` (all of the internet) or `endpoints` (named AWS services alone)."
  type        = string
  default     = "nat"

  validation {
    condition     = contains(["nat", "endpoints"], var.egress)
    error_message = "egress must be nat or endpoints."
  }
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone, so that the loss of one zone leaves the others' way out."
  type        = bool
  default     = false
}

variable "endpoint_services" {
  description = "AWS services that private subnets reach when `egress` is `endpoints`; S3, where layers of images are, always is."
  type        = set(string)
  default     = ["ecr.api", "ecr.dkr", "logs"]

  validation {
    condition     = length(setintersection(var.endpoint_services, ["ecr.api", "ecr.dkr"])) == 2
    error_message = "endpoint_services must hold ecr.api and ecr.dkr: without both no image can be pulled."
  }
}

variable "public_subnet_tags" {
  description = "Further tags of the public subnets."
  type        = map(string)
  default     = {}
}

variable "private_subnet_tags" {
  description = "Further tags of the private subnets."
  type        = map(string)
  default     = {}
}
