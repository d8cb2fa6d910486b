package kernels

import "fmt"

// The checks below panic: a wrong length is a mistake in the program, not in
// its data. They cost a compare or two where nothing is wrong.

// checkLen wants a slice to have exactly the length that rule describes.
func checkLen(op, name string, got, want int, rule string) {
	if got != want {
		panicLen(op, name, got, want, rule)
	}
}

// checkMatrix wants a dense matrix to have exactly rows*cols elements.
func checkMatrix(op, name string, got, rows, cols int, rule string) {
	// Comparing the quotient keeps a product that overflows from passing.
	if got != rows*cols || (cols > 0 && got/cols != rows) {
		panicLen(op, name, got, rows*cols, rule)
	}
}

// checkSize wants a count not to be negative.
func checkSize(op, name string, v int) {
	if v < 0 {
		panic(fmt.Sprintf("kernels: %s: %s = %d, want at least 0", op, name, v))
	}
}

// checkPanel wants rows of n elements, ld apart, to lie inside a slice of the
// given length.
func checkPanel(op, name, ldName string, length, ld, rows, n int) {
	if rows == 0 || n == 0 {
		return
	}
	if ld < n {
		panic(fmt.Sprintf("kernels: %s: %s = %d, want at least the row length %d", op, ldName, ld, n))
	}
	if length < n || rows-1 > (length-n)/ld {
		panic(fmt.Sprintf("kernels: %s: len(%s) = %d, want at least (%d-1)*%s+%d = %d",
			op, name, length, rows, ldName, n, (rows-1)*ld+n))
	}
}

func panicLen(op, name string, got, want int, rule string) {
	panic(fmt.Sprintf("kernels: %s: len(%s) = %d, want %s = %d", op, name, got, rule, want))
}

// row is row r of a panel whose rows have n elements, ld apart.
func row[T Float](x []T, r, ld, n int) []T {
	if n == 0 {
		return nil // such a panel may have no memory at all
	}
	return x[r*ld : r*ld+n]
}

// from is x[i:], or nil where a panel without elements has no such place.
func from[T Float](x []T, i int) []T {
	if i > len(x) {
		return nil
	}
	return x[i:]
}

// part is x[i:i+n], or nil of nil.
func part[T Float](x []T, i, n int) []T {
	if x == nil {
		return nil
	}
	return x[i : i+n]
}
