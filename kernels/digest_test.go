package kernels_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/internal/kernelcheck"
	"pushforward/kernels"
)

var update = flag.Bool("update", false, "write testdata/digests anew")

// The digests were made on one machine. They hold on all others, or a compiler
// has fused what the definition does not fuse.
func TestBitsAreThoseOfEveryOtherMachine(t *testing.T) {
	const file = "testdata/digests"
	if *update {
		if err := os.WriteFile(file, digests(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{} // by kernel
	for line := range strings.Lines(string(want)) {
		sum, kernel, _ := strings.Cut(strings.TrimSpace(line), "  ")
		of[kernel] = sum
	}
	if len(of) != len(kernelcheck.Table) {
		t.Errorf("%d kernels, the file has %d: run with -update", len(kernelcheck.Table), len(of))
	}
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		eachKernel(t, func(t *testing.T, k kernelcheck.Kernel) {
			if got := digest(t, k, isa); got != of[k.Name+" "+k.Type] {
				t.Errorf("%s, want %s", got, of[k.Name+" "+k.Type])
			}
		})
	})
}

// digest is that of some calls.
func digest(t *testing.T, k kernelcheck.Kernel, isa kernels.ISA) string {
	t.Helper()
	sum, err := k.Digest(isa, 12)
	if err != nil {
		t.Fatal(err)
	}
	return sum[:32]
}

// digests are those of the definitions.
func digests(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, k := range kernelcheck.Table {
		fmt.Fprintf(&b, "%s  %s %s\n", digest(t, k, kernels.Go), k.Name, k.Type)
	}
	return b.Bytes()
}
