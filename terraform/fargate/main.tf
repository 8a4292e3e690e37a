locals {
  name    = "${var.project}-fargate"
  managed = var.data_store == "managed"
}

module "network" {
  source = "../modules/network"

  name              = local.name
  egress            = var.egress
  endpoint_services = concat(["ecr.api", "ecr.dkr", "logs"], local.managed ? ["secretsmanager"] : [])
}

module "registry" {
  source = "../modules/registry"

  prefix       = local.name
  services     = ["api", "auth"]
  force_delete = !var.keep_images
}

module "load_balancer" {
  source = "../modules/load-balancer"

  name       = local.name
  vpc_id     = module.network.vpc_id
  vpc_cidr   = module.network.cidr
  subnet_ids = module.network.public_subnet_ids
  port       = var.port
  clients    = var.clients
  # Without stores a task is never ready for all routes, and serves the others all the same.
  health_path = local.managed ? "/readyz" : "/healthz"
}

module "service" {
  source = "../modules/fargate-service"

  name                            = local.name
  vpc_id                          = module.network.vpc_id
  subnet_ids                      = module.network.private_subnet_ids
  load_balancer_security_group_id = module.load_balancer.security_group_id
  target_group_arn                = module.load_balancer.target_group_arn
  images                          = { for service, digest in var.digests : service => "${module.registry.urls[service]}@${digest}" }
  architecture                    = var.architecture
  cpu                             = var.cpu
  memory                          = var.memory
  replicas                        = var.replicas
  max_tasks                       = var.max_tasks
  execution_role_name             = var.execution_role_name
  permissions_boundary            = var.permissions_boundary
  secrets                         = local.managed
  database_url_secret_arn         = one(module.data_stores[*].database_url_secret_arn)
  redis_url                       = one(module.data_stores[*].redis_url)
}

module "data_stores" {
  source = "../modules/data-stores"
  count  = local.managed ? 1 : 0

  name                     = local.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  client_security_group_id = module.service.security_group_id
}

module "budget" {
  source = "../modules/budget"

  name   = local.name
  limit  = var.budget_limit
  emails = var.budget_emails
}
