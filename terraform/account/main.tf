# What an account needs once, before any stack: where states are kept, and who may plan and apply.
module "state" {
  source = "../modules/state"

  prefix        = "${var.project}-terraform"
  force_destroy = var.force_destroy
}

module "identity" {
  source = "../modules/identity"

  name             = "${var.project}-ci"
  repository       = var.repository
  environments     = var.environments
  provider_arn     = var.provider_arn
  state_bucket_arn = module.state.arn
  resource_prefix  = "${var.project}-"
}
