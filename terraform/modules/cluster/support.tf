locals {
  # https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html, the calendar as of 2026-04-24;
  # later versions are added here and in the validation of `kubernetes_version`.
  standard_support_until = {
    "1.34" = "2026-12-02"
    "1.35" = "2027-03-27"
  }
  supported_until = local.standard_support_until[var.kubernetes_version]
}
