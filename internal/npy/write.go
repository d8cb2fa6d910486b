package npy

import (
	"fmt"
	"io"

	"pushforward/internal/atomicfile"
	"pushforward/internal/littleendian"
)

// WriteFile writes an array to a .npy file, whole or not at all.
func WriteFile[T Element](path string, a Array[T]) error {
	return atomicfile.Write(path, func(w io.Writer) error { return Write(w, a) })
}

// Write writes an array in the .npy format. It panics where Data and Shape
// disagree, and returns only errors of w.
func Write[T Element](w io.Writer, a Array[T]) error {
	h := Header{Descr: descrOf[T](), Shape: a.Shape}
	count, err := h.count()
	if err != nil || count != len(a.Data) || len(a.Shape) > maxDims {
		panic(fmt.Sprintf("npy: Write: shape is %s, len(data) = %d", formatShape(a.Shape), len(a.Data)))
	}
	if _, err := w.Write(appendHeader(nil, h)); err != nil {
		return err
	}
	size := littleendian.Size[T]()
	perChunk := chunk / size
	buffer := make([]byte, min(count, perChunk)*size)
	for data := a.Data; len(data) > 0; {
		n := min(len(data), perChunk)
		littleendian.Encode(buffer, data[:n])
		if _, err := w.Write(buffer[:n*size]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
