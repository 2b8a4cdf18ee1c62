// Evaluates the pods of Kubernetes manifests on stdin with the Pod Security admission plugin's own checks.
//
// Usage: pod-security [LEVEL] < manifests.yaml; LEVEL is restricted (default) or baseline. Documents without a pod are
// passed over. Prints one line per violation, KIND/NAME: what, and exits 1; exits 2 when the input cannot be read.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/pod-security-admission/admission"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func main() {
	level := api.LevelRestricted
	if len(os.Args) > 1 {
		level = api.Level(os.Args[1])
	}
	pods, violations, err := evaluate(os.Stdin, os.Stdout, level)
	if err == nil && pods == 0 {
		err = errors.New("the input has no pod")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pod-security:", err)
		os.Exit(2)
	}
	fmt.Printf("%d pods, %d violations of %s\n", pods, violations, level)
	if violations > 0 {
		os.Exit(1)
	}
}

func evaluate(in io.Reader, out io.Writer, level api.Level) (pods, violations int, err error) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return 0, 0, err
	}
	lv := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	documents := yaml.NewYAMLReader(bufio.NewReader(in))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return pods, violations, nil
		}
		if err != nil {
			return 0, 0, err
		}
		object, kind, err := scheme.Codecs.UniversalDeserializer().Decode(document, nil, nil)
		if runtime.IsNotRegisteredError(err) || runtime.IsMissingKind(err) {
			// A custom resource, or nothing but comments: no pod in either.
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		meta, spec, err := (&admission.DefaultPodSpecExtractor{}).ExtractPodSpec(object)
		if err != nil || spec == nil {
			continue
		}
		pods++
		for _, result := range evaluator.EvaluatePod(lv, meta, spec) {
			if !result.Allowed {
				violations++
				fmt.Fprintf(out, "%s/%s: %s: %s\n", kind.Kind, nameOf(object), result.ForbiddenReason, result.ForbiddenDetail)
			}
		}
	}
}

func nameOf(object runtime.Object) string {
	if named, ok := object.(interface{ GetName() string }); ok {
		return named.GetName()
	}
	return "?"
}
