locals {
  name = "${var.project}-eks"
}

module "network" {
  source = "../modules/network"

  name         = local.name
  egress       = "nat"
  nat_per_zone = var.nat_per_zone

  # The load balancer controller finds its subnets by these.
  public_subnet_tags  = { "kubernetes.io/role/elb" = "1" }
  private_subnet_tags = { "kubernetes.io/role/internal-elb" = "1" }
}

module "registry" {
  source = "../modules/registry"

  prefix       = local.name
  services     = ["api", "auth"]
  force_delete = !var.keep_images
}

module "cluster" {
  source = "../modules/cluster"

  name                 = local.name
  kubernetes_version   = var.kubernetes_version
  subnet_ids           = module.network.private_subnet_ids
  api_clients          = var.api_clients
  instance_types       = var.instance_types
  capacity_type        = var.capacity_type
  nodes                = var.nodes
  admins               = var.admins
  secret_entries       = var.secret_entries
  permissions_boundary = var.permissions_boundary
}

module "budget" {
  source = "../modules/budget"

  name   = local.name
  limit  = var.budget_limit
  emails = var.budget_emails
}
