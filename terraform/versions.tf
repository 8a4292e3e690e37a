# No stack of its own: `terraform test` needs a root, and tests/ holds all modules and stacks to their word.
terraform {
  required_version = ">= 1.11"
}
