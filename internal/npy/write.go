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
	if count, err := h.count(); err != nil || count != len(a.Data) {
		panic(fmt.Sprintf("npy: Write: shape is %s, len(data) = %d", formatShape(a.Shape), len(a.Data)))
	}
	if err := WriteHeader[T](w, a.Shape...); err != nil {
		return err
	}
	return WriteData(w, a.Data)
}

// WriteHeader writes what precedes the numbers of an array of T. Together with
// WriteData it writes an array that is larger than memory: the numbers, in C
// order, may come in any number of parts, and must be as many as the shape has.
func WriteHeader[T Element](w io.Writer, shape ...int) error {
	h := Header{Descr: descrOf[T](), Shape: shape}
	if _, err := h.count(); err != nil || len(shape) > maxDims {
		panic(fmt.Sprintf("npy: WriteHeader: shape is %s", formatShape(shape)))
	}
	_, err := w.Write(appendHeader(nil, h, 0))
	return err
}

// WriteData writes numbers that follow a header.
func WriteData[T Element](w io.Writer, data []T) error {
	size := littleendian.Size[T]()
	perChunk := chunk / size
	buffer := make([]byte, min(len(data), perChunk)*size)
	for len(data) > 0 {
		n := min(len(data), perChunk)
		littleendian.Encode(buffer, data[:n])
		if _, err := w.Write(buffer[:n*size]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
