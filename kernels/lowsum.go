package kernels

// sumOrigin is where sums of energies begin: float32 then rounds each to a multiple
// of 2^-11 while a sum stays within 2048 of zero, and what rounding leaves of a
// term is exact.
const sumOrigin = 6144

// addLow adds x to a sum and to low what rounding leaves of x: Dekker 1971.
func addLow[T Float](sum, low, x T) (newSum, newLow T) {
	newSum = sum + x
	return newSum, low + (x - (newSum - sum))
}
