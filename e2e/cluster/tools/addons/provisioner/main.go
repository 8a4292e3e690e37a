// provisioner gives each claim of the storage class "standard" a folder of its own on this node, and takes it away with the claim.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	core "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const name = "example.org/folder"

type folders struct {
	root, node string
}

func (f folders) Provision(_ context.Context, claim controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	path := filepath.Join(f.root, claim.PVName)
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	// The pods run as users of their own, and umask has had its say.
	if err := os.Chmod(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return f.volume(claim, path), controller.ProvisioningFinished, nil
}

func (f folders) volume(claim controller.ProvisionOptions, path string) *core.PersistentVolume {
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: claim.PVName},
		Spec: core.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *claim.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.PVC.Spec.AccessModes,
			Capacity:                      core.ResourceList{core.ResourceStorage: claim.PVC.Spec.Resources.Requests[core.ResourceStorage]},
			PersistentVolumeSource:        core.PersistentVolumeSource{Local: &core.LocalVolumeSource{Path: path}},
			NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: []core.NodeSelectorTerm{{
				MatchExpressions: []core.NodeSelectorRequirement{{Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{f.node}}},
			}}}},
		},
	}
}

func (f folders) Delete(_ context.Context, volume *core.PersistentVolume) error {
	return os.RemoveAll(filepath.Join(f.root, volume.Name))
}

func (f folders) offer(ctx context.Context, client kubernetes.Interface) error {
	wait := storage.VolumeBindingWaitForFirstConsumer
	class := &storage.StorageClass{
		ObjectMeta:        meta.ObjectMeta{Name: "standard", Annotations: map[string]string{"storageclass.kubernetes.io/is-default-class": "true"}},
		Provisioner:       name,
		VolumeBindingMode: &wait,
	}
	_, err := client.StorageV1().StorageClasses().Create(ctx, class, meta.CreateOptions{})
	return err
}

func run(ctx context.Context, root, node, config string) error {
	access, err := clientcmd.BuildConfigFromFlags("", config)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(access)
	if err != nil {
		return err
	}
	here := folders{root: root, node: node}
	if err := here.offer(ctx, client); err != nil {
		return err
	}
	controller.NewProvisionController(ctx, client, name, here, controller.LeaderElection(false)).Run(ctx)
	return nil
}

func main() {
	root := flag.String("root", "", "where the folders are made")
	node := flag.String("node", "", "the node that has them")
	config := flag.String("kubeconfig", "", "how to reach the cluster")
	flag.Parse()
	if err := run(context.Background(), *root, *node, *config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
