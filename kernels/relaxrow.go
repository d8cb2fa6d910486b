package kernels

import "pushforward/asm"

// RelaxRow lowers d[j] to at most s + (c[j] + w[j]), and finds the least d[j] and
// its lowest index, where; it is -1, and the least +Inf, where none is below that. With w
// the prices of the columns it is a step of Dijkstra's method from a row of an
// assignment, over all columns.
//
//go:noinline
func RelaxRow[T Float](d, c, w []T, s T) (least T, where int) {
	const op = "RelaxRow"
	checkLen(op, "d", len(d), len(c), "len(c)")
	checkLen(op, "w", len(w), len(c), "len(c)")
	var index T
	if asm.RelaxRow(Active(), &least, &index, at(d), at(c), at(w), &s, 1, len(c)) {
		return least, indexOf(index)
	}
	return relaxRowSliceRef(d, c, w, s)
}
