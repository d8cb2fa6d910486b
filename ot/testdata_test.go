package ot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"pushforward/internal/npy"
)

// instance is a problem whose exact value several programs agree on.
type instance struct {
	Name             string
	N, M, D          int
	Cost             string
	Period           float64
	Value            float64
	Rtol, Atol, Cmax float64
	Arrays           []string
}

func readJSON(t testing.TB, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// readArrays reads the named arrays of an archive in testdata; but for permutations.
func readArrays(t testing.TB, file string) map[string]npy.Array[float64] {
	t.Helper()
	a, err := npy.OpenArchive(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	out := map[string]npy.Array[float64]{}
	for _, n := range a.Names() {
		if n == "perm" {
			continue // integers
		}
		v, err := npy.ReadFromAs[float64](a, n)
		if err != nil {
			t.Fatal(err)
		}
		out[n] = v
	}
	return out
}

// load gives an instance's problem.
func (in instance) load(t testing.TB) (x, y Points, a, b []float64, cost Cost) {
	t.Helper()
	v := readArrays(t, in.Name+".npz")
	cost = map[string]Cost{"sqeuclidean": SquaredEuclidean, "euclidean": Euclidean, "l1": CityBlock}[in.Cost]
	if in.Period > 0 {
		cost = cost.OnTorus(in.Period)
	}
	return NewPoints(v["X"].Data, in.D), NewPoints(v["Y"].Data, in.D), v["a"].Data, v["b"].Data, cost
}
