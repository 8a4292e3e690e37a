"""A stand-in for AWS on this machine: moto, with what it lacks for these stacks."""
