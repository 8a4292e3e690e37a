//! The bytes of one kustomization file.
