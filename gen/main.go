// Command gen writes the assembly of package asm: every kernel's description,
// compiled for AVX2, AVX-512 and NEON in float32 and float64, with the Go
// declarations and the switch that picks one.
//
//	go run . [folder]
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pushforward/gen/vm"
	"pushforward/gen/x86"
)

// kernels lists every description, in the order of the files that it makes.
var kernels = slices.Concat(
	activations, elementary, arcs, randomNumbers, couplings, ridgeFlows, nearestSums,
	bonded, lanePairs, born, constraints, partners,
	[]Kernel{
		sinCos, dense, ridge, ridgeSlope, ridgeSums,
		mulAdd, adamW, rowSums, addSquares, transpose, sortStep, mergeStart, mergeStep,
		squaredDistances, periodicDistances, planeNearestFew, rowMin, rowMinSum, relaxRow, blockMinSum, laneMinSum, rowLogSumExp, rowLogSumExpAffine,
		fmaPeak, addChain,
	},
)

func main() {
	dir := "../asm"
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := generate(dir); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate writes all files and removes generated ones that no kernel makes
// any more.
func generate(dir string) error {
	files := map[string][]byte{}
	var stems []string
	group := map[string][]Kernel{}
	for _, k := range kernels {
		if group[k.File] == nil {
			stems = append(stems, k.File)
		}
		group[k.File] = append(group[k.File], k)
	}
	for _, stem := range stems {
		if err := amd64Files(files, stem, group[stem]); err != nil {
			return err
		}
		if err := arm64Files(files, stem, group[stem]); err != nil {
			return err
		}
	}
	files["other.go"] = dispatch("!amd64 && !arm64 || purego", kernels, nil)
	old, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range old {
		if src, err := os.ReadFile(path); err == nil && bytes.HasPrefix(src, []byte("// Code generated")) && files[filepath.Base(path)] == nil {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, src := range files {
		if strings.HasSuffix(name, ".go") {
			pretty, err := format.Source(src)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			src = pretty
		}
		if err := os.WriteFile(filepath.Join(dir, name), src, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func amd64Files(files map[string][]byte, stem string, ks []Kernel) error {
	machines := []*vm.Machine{x86.AVX2, x86.AVX512}
	var functions []x86.Function
	for _, k := range ks {
		for _, e := range k.elems() {
			for _, m := range machines {
				p, err := k.compile(e, m)
				if err != nil {
					return err
				}
				functions = append(functions, x86.Function{Program: p, Name: p.Name, Signature: k.signature(e)})
			}
		}
	}
	src, err := x86.Assemble(functions)
	if err != nil {
		return fmt.Errorf("%s: %w", stem, err)
	}
	files[stem+"_amd64.s"] = src
	files[stem+"_amd64.go"] = dispatch("!purego", ks, machines)
	return nil
}
