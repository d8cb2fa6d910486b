package npy

import (
	"fmt"
	"io"
	"math"
)

// readConverted reads numbers of type S and makes them of type T.
func readConverted[T, S Float](r io.Reader, count int, known bool) ([]T, error) {
	src, err := readNumbers[S](r, count, known)
	if err != nil {
		return nil, err
	}
	if same, ok := any(src).([]T); ok {
		return same, nil
	}
	dst := make([]T, len(src))
	for i, v := range src {
		dst[i] = T(v)
		if math.IsInf(float64(dst[i]), 0) && !math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("data: element %d is %g, too large for a float32", i, float64(v))
		}
	}
	return dst, nil
}

// transpose turns Fortran order into C order.
func transpose[T Element](src []T, shape []int) []T {
	if len(shape) < 2 || len(src) < 2 {
		return src
	}
	stride := make([]int, len(shape))
	step := 1
	for k, n := range shape {
		stride[k] = step
		step *= n
	}
	dst := make([]T, len(src))
	index := make([]int, len(shape))
	at := 0 // where element index lies in src
	for i := range dst {
		dst[i] = src[at]
		for k := len(shape) - 1; k >= 0; k-- {
			index[k]++
			at += stride[k]
			if index[k] < shape[k] {
				break
			}
			at -= stride[k] * shape[k]
			index[k] = 0
		}
	}
	return dst
}
