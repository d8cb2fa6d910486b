package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"pushforward/internal/cli"
	"pushforward/internal/npy"
	"pushforward/kernels"
)

// dataHelp is what the commands' descriptions say about files of samples.
const dataHelp = `Samples are arrays of shape (n, d) of float32 or float64 in .npy files, or in
.npz files: data.npz:name takes the array called name, data.npz the one called
x or positions or the only one. Arrays with more axes are n samples of their last axis.`

// samples are n points of dimension d, row-major.
type samples[T kernels.Float] struct {
	x    []T
	n, d int
}

// readSamples reads points and checks that all are finite. One axis, (n,), is
// taken as n numbers, d = 1.
func readSamples[T kernels.Float](path string) (samples[T], error) {
	a, err := readArray[T](path)
	if err != nil {
		return samples[T]{}, err
	}
	s := samples[T]{x: a.Data}
	switch len(a.Shape) {
	case 0:
		return s, fmt.Errorf("%s: shape: a single number, want (n, d)", path)
	case 1:
		s.n, s.d = a.Shape[0], 1
	default:
		s.d = a.Shape[len(a.Shape)-1]
		if s.d == 0 {
			return s, fmt.Errorf("%s: shape: %v has no coordinates, want (n, d) with d of 1 or more", path, a.Shape)
		}
		s.n = len(a.Data) / s.d
	}
	if s.n == 0 {
		return s, fmt.Errorf("%s: shape: %v has no samples, want (n, d) with n of 1 or more", path, a.Shape)
	}
	for i, v := range s.x {
		if v-v != 0 {
			return s, fmt.Errorf("%s: row %d, column %d (counted from 0) is %g, want finite numbers", path, i/s.d, i%s.d, v)
		}
	}
	return s, nil
}

func readArray[T kernels.Float](path string) (npy.Array[T], error) {
	file, name, named := strings.Cut(path, ".npz:")
	if !named && !strings.HasSuffix(path, ".npz") {
		return npy.ReadFileAs[T](path)
	}
	if named {
		file += ".npz"
	} else {
		file = path
	}
	archive, err := npy.OpenArchive(file)
	if err != nil {
		return npy.Array[T]{}, err
	}
	defer archive.Close()
	if !named {
		names := archive.Names()
		switch {
		case slices.Contains(names, "x"):
			name = "x"
		case slices.Contains(names, "positions"):
			name = "positions"
		case len(names) == 1:
			name = names[0]
		default:
			return npy.Array[T]{}, fmt.Errorf("%s: holds %d arrays and none is called x or positions, want %s:NAME with one of %s",
				file, len(names), file, strings.Join(names, ", "))
		}
	}
	return npy.ReadFromAs[T](archive, name)
}

// fits tells whether an array of these lengths can be counted in bytes.
func fits(elementBytes int, lengths ...int) bool {
	product := elementBytes
	for _, n := range lengths {
		if n > 0 && product > math.MaxInt/n {
			return false
		}
		product *= n
	}
	return true
}

// keepsInput returns an error if writing out would replace one of the files
// that the command reads.
func keepsInput(out string, inputs ...string) error {
	target, err := os.Stat(out)
	if err != nil {
		return nil // there is nothing to replace
	}
	for _, path := range inputs {
		if file, _, named := strings.Cut(path, ".npz:"); named {
			path = file + ".npz"
		}
		if input, err := os.Stat(path); err == nil && os.SameFile(input, target) {
			return cli.Usagef("writing %s would replace what is read, want another name", out)
		}
	}
	return nil
}
