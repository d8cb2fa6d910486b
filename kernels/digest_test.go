package kernels_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
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
		if err := os.WriteFile(file, digests(t, kernels.Go), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		got := digests(t, isa)
		g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
		if len(g) != len(w) {
			t.Fatalf("%d kernels, the file has %d: run with -update", len(g)-1, len(w)-1)
		}
		for i := range g {
			if !bytes.Equal(g[i], w[i]) {
				t.Errorf("%s, want %s", g[i], w[i][:min(12, len(w[i]))])
			}
		}
	})
}

func digests(t *testing.T, isa kernels.ISA) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, k := range kernelcheck.Table {
		sum, err := k.Digest(isa, 12)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s  %s %s\n", sum[:32], k.Name, k.Type)
	}
	return b.Bytes()
}
