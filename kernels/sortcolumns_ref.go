package kernels

func sortColumnsRef[T Float](x []T, ld, n, cols int) {
	for size := 2; size <= SortRows(n); size *= 2 {
		// Runs of size/2 rows are sorted. Paired from the ends of two inwards, the
		// lesser halves and the greater ones are bitonic each: half-cleaners sort them.
		m := mergedRows(n, size)
		for i := range m {
			if j := i ^ (size - 1); i < j && j < m {
				orderRows(x, ld, i, j, cols)
			}
		}
		for d := size / 4; d > 0; d /= 2 {
			for i := range m {
				if j := i + d; i&d == 0 && j < m {
					orderRows(x, ld, i, j, cols)
				}
			}
		}
	}
}

// mergedRows is how many of n rows a merge to runs of size has to do with: not
// those of a last run alone. (Eights are sorted as one.)
func mergedRows(n, size int) int {
	if last := n % size; size > 8 && last <= size/2 {
		return n - last
	}
	return n
}

// orderRows puts the lesser of two rows' elements first, column by column.
func orderRows[T Float](x []T, ld, i, j, cols int) {
	a, b := row(x, i, ld, cols), row(x, j, ld, cols)
	for c, v := range a {
		if w := b[c]; w < v {
			a[c], b[c] = w, v
		}
	}
}
