# The same way as `make cluster-up`: by kind for a fork. A cluster on this machine needs no provider of its own.
resource "terraform_data" "cluster" {
  input            = { root = abspath("${path.root}/../..") }
  triggers_replace = [var.repository]

  provisioner "local-exec" {
    command     = "make cluster-up"
    working_dir = self.input.root
    environment = { REPO = var.repository == null ? "" : var.repository }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "make cluster-down"
    working_dir = self.input.root
  }
}
