// Command kyaml promotes every service of environments/FROM to environments/TO in one process,
// with the reader, node setter and writer that kustomize and Flux build on.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: kyaml FROM TO")
		os.Exit(2)
	}
	if err := promoteAll(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func promoteAll(from, to string) error {
	sources, err := filepath.Glob(filepath.Join("environments", from, "*", "kustomization.yaml"))
	if err != nil {
		return err
	}
	for _, source := range sources {
		service := filepath.Base(filepath.Dir(source))
		target := filepath.Join("environments", to, service, "kustomization.yaml")
		if err := promote(source, target); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
	}
	return nil
}
