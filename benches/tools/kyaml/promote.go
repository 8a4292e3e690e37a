package main

import (
	"bytes"
	"fmt"
	"os"

	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/kio/kioutil"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

var versionKeys = []string{"newTag", "digest"}

// readerAnnotations are notes of the reader to the writer, not part of the file.
var readerAnnotations = []string{kioutil.IndexAnnotation, kioutil.LegacyIndexAnnotation, kioutil.SeqIndentAnnotation} //nolint:staticcheck // the reader still sets it

func promote(source, target string) error {
	from, err := read(source)
	if err != nil {
		return err
	}
	to, err := read(target)
	if err != nil {
		return err
	}
	if err := setVersions(to, from); err != nil {
		return err
	}
	return write(target, to)
}

// read keeps the indentation of sequences, as Flux does, so that less is reformatted.
func read(path string) (*yaml.RNode, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	reader := kio.ByteReader{Reader: bytes.NewReader(content), PreserveSeqIndent: true}
	nodes, err := reader.Read()
	if err != nil {
		return nil, err
	}
	if len(nodes) != 1 {
		return nil, fmt.Errorf("%d documents", len(nodes))
	}
	return nodes[0], nil
}

func write(path string, node *yaml.RNode) error {
	var content bytes.Buffer
	writer := kio.ByteWriter{Writer: &content, ClearAnnotations: readerAnnotations}
	if err := writer.Write([]*yaml.RNode{node}); err != nil {
		return err
	}
	return os.WriteFile(path, content.Bytes(), 0o644)
}

func setVersions(to, from *yaml.RNode) error {
	images, err := to.Pipe(yaml.Lookup("images"))
	if err != nil {
		return err
	}
	return images.VisitElements(func(image *yaml.RNode) error {
		name, err := image.GetString("name")
		if err != nil {
			return err
		}
		version, err := from.Pipe(yaml.Lookup("images", "[name="+name+"]"))
		if err != nil || version == nil {
			return err
		}
		return copyVersion(image, version)
	})
}

// copyVersion sets the values of the nodes in place, so that their style and comments stay.
func copyVersion(image, version *yaml.RNode) error {
	for _, key := range versionKeys {
		field := version.Field(key)
		if field == nil {
			continue
		}
		if present := image.Field(key); present != nil {
			present.Value.YNode().Value = field.Value.YNode().Value
			continue
		}
		if err := image.PipeE(yaml.SetField(key, yaml.NewStringRNode(field.Value.YNode().Value))); err != nil {
			return err
		}
	}
	return nil
}
