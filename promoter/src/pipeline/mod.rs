//! promoter.yaml: environments, order, layout.
