package flow

import (
	"fmt"

	"pushforward/internal/safetensors"
	"pushforward/kernels"
)

// tensor is one array of a model file: shaped as PyTorch's Linear has it, (out, in), with the rows
// and columns that a mask keeps from acting filled with zeros.
type tensor[T kernels.Float] struct {
	name       string
	shape      []int
	rows, cols []int // places of what acts; cols is nil for vectors
	acting     []T
}

// tensors lists the arrays of a flow's parameters.
//
//	layers.K.scale.J.weight, .bias   linear map J of layer K's scale net, all counted from 0
//	layers.K.shift.J.weight, .bias   of its shift net
//	layers.K.bound                   α for each transformed feature, where it is learnt
func (f *Flow[T]) tensors() []tensor[T] {
	var all []tensor[T]
	for k, c := range f.layers {
		for _, part := range []struct {
			name string
			net  net[T]
		}{{"scale", c.scale}, {"shift", c.shift}} {
			for j, l := range part.net.linears {
				rows, cols := rangeOf(l.out), rangeOf(l.in)
				out, in := l.out, l.in
				if f.arch.Layout == Masked && j == 0 {
					cols, in = c.conditioning, f.arch.Dim
				}
				if f.arch.Layout == Masked && j == len(part.net.linears)-1 {
					rows, out = c.transformed, f.arch.Dim
				}
				name := fmt.Sprintf("layers.%d.%s.%d", k, part.name, j)
				all = append(all,
					tensor[T]{name + ".weight", []int{out, in}, rows, cols, l.w},
					tensor[T]{name + ".bias", []int{out}, rows, nil, l.b})
			}
		}
		if f.arch.Bound.Learnt {
			all = append(all, tensor[T]{fmt.Sprintf("layers.%d.bound", k), []int{len(c.alpha)}, rangeOf(len(c.alpha)), nil, c.alpha})
		}
	}
	return all
}

// each calls do with the place of every acting number in the file's array.
func (t tensor[T]) each(do func(acting, place int)) {
	if t.cols == nil {
		for i, r := range t.rows {
			do(i, r)
		}
		return
	}
	for i, r := range t.rows {
		for j, c := range t.cols {
			do(i*len(t.cols)+j, r*t.shape[1]+c)
		}
	}
}

// put adds the array to a file.
func (t tensor[T]) put(file *safetensors.File) error {
	size := 1
	for _, n := range t.shape {
		size *= n
	}
	full := make([]T, size)
	var err error
	t.each(func(acting, place int) {
		full[place] = t.acting[acting]
		if !finite(float64(full[place])) {
			err = fmt.Errorf("%s has a parameter that is %v, want finite numbers", t.name, full[place])
		}
	})
	safetensors.Put(file, t.name, full, t.shape...)
	return err
}

// get reads the array from a file of either precision.
func (t tensor[T]) get(file *safetensors.File, path string) error {
	full, err := getFloats[T](file, t.name, t.shape...)
	if err != nil {
		return err
	}
	t.each(func(acting, place int) {
		t.acting[acting] = full[place]
		if !finite(float64(full[place])) {
			err = fmt.Errorf("%s: %s: element %d is %v, want finite numbers", path, t.name, place, full[place])
		}
	})
	return err
}

// getFloats reads an array of F32 or F64 as T.
func getFloats[T kernels.Float](file *safetensors.File, name string, shape ...int) ([]T, error) {
	if dtype, _, _ := file.Describe(name); dtype == "F64" {
		return convert[T](safetensors.GetShaped[float64](file, name, shape...))
	}
	return convert[T](safetensors.GetShaped[float32](file, name, shape...))
}

func convert[To, From kernels.Float](x []From, err error) ([]To, error) {
	if err != nil {
		return nil, err
	}
	y := make([]To, len(x))
	for i, v := range x {
		y[i] = To(v)
	}
	return y, nil
}

func rangeOf(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}
